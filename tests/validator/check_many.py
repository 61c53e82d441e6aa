"""Prints what the validator, imported from one folder, says of many apps; it runs in a process of its own.

    python -I check_many.py FOLDER < ARGUMENTS

`ARGUMENTS` is a JSON list of command lines; the answer is a JSON list of [exit status, what was printed].
"""

import contextlib
import gc
import io
import json
import sys


def main() -> None:
    """Check each app without garbage collection, as the program does."""
    gc.disable()
    sys.path.insert(0, sys.argv[1])
    from functions_validator.cli import main as validate

    results = []
    for arguments in json.load(sys.stdin):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            status = validate(arguments)
        results.append([status, printed.getvalue()])
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
