"""Prints what the validator, imported from one folder, says of many apps; it runs in a process of its own.

    python -I verdicts.py FOLDER < ARGUMENTS

`ARGUMENTS` is a JSON list of command lines; the answer is a JSON list of [exit status, what was printed].
"""

import contextlib
import io
import json
import sys


def main() -> None:
    """Check each app."""
    sys.path.insert(0, sys.argv[1])
    from functions_validator.cli import main as validate

    verdicts = []
    for arguments in json.load(sys.stdin):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            status = validate(arguments)
        verdicts.append([status, printed.getvalue()])
    json.dump(verdicts, sys.stdout)


if __name__ == "__main__":
    main()
