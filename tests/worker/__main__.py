"""`python -m worker PROJECT`: index the project, run the invocations on stdin, print the answers.

stdin is a list of HttpRequest and Call, stdout ends with one line: `{"functions": ..., "in_error":
..., "results": ...}`, `{"rejected": message, "stack": ...}` if the worker refuses the app, or
`{"stopped": message}` if the whole host stops, all as `exchange` writes them.
"""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .exchange import Call, HttpRequest, dumps, loads
from .faults import HostStopped
from .host import Host, WorkerRejected


async def run(project: Path, invocations: Sequence[HttpRequest | Call]) -> dict[str, Any]:
    """Return what is to be printed; LookupError for a call of a function that does not exist."""
    host = Host(project)
    try:
        await host.start()
        results = [
            await (host.invoke(item) if isinstance(item, Call) else host.http(item))
            for item in invocations
        ]
    except WorkerRejected as rejection:
        return {"rejected": rejection.failure.message, "stack": rejection.failure.stack}
    except HostStopped as why:
        return {"stopped": str(why)}
    finally:
        host.stop()
    return {
        "functions": host.functions,
        "in_error": host.faults.in_error,
        "results": results,
    }


def main() -> None:
    """Keep stdout for the answer: what the app prints goes to stderr."""
    project, invocations = Path(sys.argv[1]).resolve(), loads(sys.stdin.read())
    with contextlib.redirect_stdout(sys.stderr):
        answer = asyncio.run(run(project, invocations))
    print(dumps(answer))


if __name__ == "__main__":
    main()
