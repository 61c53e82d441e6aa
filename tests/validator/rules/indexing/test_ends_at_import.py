"""Apps that end the process of the worker while they are imported, as the sources show it."""

import pytest

from tests.support.validator import HEALTHY, Find, Plant, find_problems

PARSER = "import argparse\nparser = argparse.ArgumentParser()\n"
READER = f"{PARSER}def read():\n    return {{}}\n\n\noptions = read()\n"
NEVER = "def read():\n    sys.exit(1)\n\n\n"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (f"{PARSER}parser.parse_args()\n", 3),
        ("import argparse\nargparse.ArgumentParser().parse_args()\n", 2),
        (READER.format("parser.parse_args()"), 4),
    ],
)
def test_a_parser_of_options_at_import_is_found(
    code: str, line: int, plant: Plant, find: Find
) -> None:
    [found] = find(plant({"blueprints/hello.py": code}), "AF102", imports=False)
    assert (found.code, found.path, found.line) == ("AF102", "blueprints/hello.py", line)
    assert "parse_args() reads the options of the worker, does not know them" in found.message


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import sys\nsys.exit(3)\n", "sys.exit()"),
        ("raise SystemExit\n", "raise SystemExit"),
        (f"import sys\n{NEVER}read()\n", "sys.exit()"),
    ],
)
def test_an_end_at_import_is_found_without_an_index(code: str, name: str, plant: Plant) -> None:
    [found] = find_problems(plant({"blueprints/hello.py": code}), "AF102")
    assert found.message == f"{name} ends the worker while the app is imported."


@pytest.mark.parametrize(
    "code",
    [
        READER.format("parser.parse_args([])"),
        f"{PARSER}if __name__ == '__main__':\n    parser.parse_args()\n",
        f"import sys\n{NEVER}reader = read\n",
        f"import sys\nasync {NEVER}\ndef wait():\n    read()\n",
        f"import sys\n{NEVER}try:\n    read()\nexcept SystemExit:\n    pass\n",
        "import sys\ndef read():\n    if __debug__:\n        return\n    sys.exit(1)\n\n\nread()\n",
    ],
)
def test_what_may_not_end_the_worker_at_import(code: str, plant: Plant, find: Find) -> None:
    source = f"{code}{HEALTHY['blueprints/hello.py']}"
    assert find(plant({"blueprints/hello.py": source}), "AF10") == []
