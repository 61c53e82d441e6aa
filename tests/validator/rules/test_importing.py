"""The import of the entry point."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.checking import check
from functions_validator.indexing.failures import why_not_indexed
from functions_validator.indexing.index import IndexOptions
from functions_validator.model import Place
from functions_validator.project.new_syntax import may_be_newer
from functions_validator.project.project import Project
from functions_validator.project.python_source import LARGEST_SOURCE, Module
from functions_validator.registry import chosen
from tests.support.run import run
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems, problems_of


def test_an_error_at_import_is_found_in_the_users_file(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import json\n\njson.no_such_function()\n"})
    [found] = find_problems(app, "AF101", worker_python, imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 3)
    assert "no_such_function" in found.message


def test_a_syntax_error_is_found(plant: Plant, find: Find) -> None:
    app = plant({"blueprints/hello.py": "def hello(:\n"})
    [found] = find(app, "AF101", imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 1)


def test_a_line_in_another_encoding_is_found(plant: Plant, find: Find) -> None:
    text = HEALTHY["blueprints/hello.py"].replace('"Hello"', '"Grüße"')
    app = plant({"blueprints/hello.py": text.encode("latin-1")})
    [found] = find(app, "AF1", imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 8)


def test_null_bytes_are_one_error(plant: Plant, find: Find) -> None:
    app = plant({"function_app.py": HEALTHY["function_app.py"] + "\0"})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.path) == ("AF101", "function_app.py")


@pytest.mark.parametrize(
    "value", ["+".join(["1"] * 100_000), f'"{"x" * LARGEST_SOURCE}"'], ids=["deep", "long"]
)
def test_a_file_that_is_too_large_is_noted(value: str, plant: Plant) -> None:
    hello = f"from data import X\n{HEALTHY['blueprints/hello.py']}"
    app = plant({"blueprints/hello.py": hello, "data.py": f"X = {value}\n"})
    project = Project(app)
    assert problems_of(project) == []
    assert project.notes == ["data.py was not checked: it is too large."]


NESTED = "f-string: unmatched '['"
CLOSING = "f-string: closing parenthesis '}' does not match opening parenthesis '('"


@pytest.mark.parametrize(
    ("message", "line", "running", "app", "is_newer"),
    [
        (NESTED, "print(f'{row['name']}')", 11, None, True),
        (NESTED, "print(f'{row['name']}')", 11, 12, True),
        (NESTED, "print(f'{row['name']}')", 11, 11, False),
        (NESTED, "print(f'{row['name']}')", 12, None, False),
        ("f-string expression part cannot include a backslash", "f'{a}'", 10, 13, True),
        ("invalid syntax", "type Rows = list[int]", 11, None, True),
        ("expected '('", "async def first[T](rows: list[T]) -> T:", 11, None, True),
        ("invalid syntax", "class Rows[T]:", 11, 12, True),
        ("invalid syntax", "except* ValueError:", 10, 11, True),
        ("invalid syntax", "print(t'{name}')", 13, 14, True),
        ("invalid syntax", "print(t'{name}')", 13, 13, False),
        ("multiple exception types must be parenthesized", "except A, B:", 13, None, True),
        ("invalid syntax", "class Rows:", 11, None, False),
        ("invalid syntax", "def hello(:", 11, None, False),
        ("invalid syntax", "text = 'x' 5", 11, None, False),
        ("unterminated string literal", "print('x)", 10, 14, False),
        ("unterminated string literal (detected at line 2)", "x = 'I can't'", 11, None, False),
        ("unterminated string literal (detected at line 2)", "x = 'isn't' + 3", 13, None, False),
        ("invalid syntax", "x = 'isn't' + '3'", 13, None, False),
        ("invalid syntax", "x = ('t' 't'5)", 13, None, False),
        ("invalid syntax. Perhaps you forgot a comma?", "print(rt'{name}')", 12, None, True),
        ("invalid syntax", "return Tr'{name}'", 12, 14, True),
        ("f-string: expecting '}'", "f'{', '.join(names)}'", 11, None, True),
        ("f-string: unterminated string", "f'{d[\"a' 'b\"]}'", 11, None, True),
        ("f-string: unmatched '('", "f'{first('a')}'", 10, None, True),
        ("f-string: unmatched ')'", "f'{)}'", 10, None, False),
        ("f-string: empty expression not allowed", 'f"{}"', 11, None, False),
        ("f-string: single '}' is not allowed", "f'}'", 11, 12, False),
        (CLOSING, 'f"{(1}"', 11, None, False),
        ("f-string: invalid syntax", "f'{a b}'", 11, None, False),
        ("expected ','", "class Rows[T = int]:", 12, 13, True),
        ("invalid syntax", "type Rows[T=int] = list[T]", 12, None, True),
        ("invalid syntax", "async def first[T = int](rows: list[T]) -> T:", 12, 14, True),
        ("invalid syntax", "class Rows[T = int]:", 12, 12, False),
        ("invalid syntax", "def first[T](rows=1 2):", 12, 13, False),
    ],
)
def test_syntax_of_a_newer_python(
    tmp_path: Path, message: str, line: str, running: int, app: int | None, is_newer: bool
) -> None:
    (tmp_path / "hello.py").write_text(f"\n{line}\n")
    module = Module(tmp_path / "hello.py", "hello.py", "hello")
    module.error = (message, Place("hello.py", 2))
    assert may_be_newer(module, app, running) is is_newer


def test_a_file_for_a_newer_python_is_left_alone_and_noted(plant: Plant) -> None:
    code = HEALTHY["blueprints/hello.py"] + "\n\ndef first(name):\n    return t'{name}'\n"
    app = plant({"blueprints/hello.py": code})
    project = Project(app)
    assert check(project, chosen(["AF"], [])) == []
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    noted = (
        f"blueprints/hello.py was not checked: it may need a newer Python than {running}. "
        "Run the validator with the app's Python."
    )
    assert project.notes == ([noted] if sys.version_info < (3, 14) else [])
    (app / ".python-version").write_text("3.13\n")
    expected = ["AF101"] if sys.version_info < (3, 14) else []
    assert [found.code for found in find_problems(app)] == expected


WAITING = """
import asyncio


{head}
    x = 1
    {line}
"""


def test_await_in_a_function_that_is_not_async(plant: Plant, find: Find) -> None:
    source = WAITING.format(head="def wait():", line="await asyncio.sleep(x)")
    app = plant({"blueprints/hello.py": HEALTHY["blueprints/hello.py"] + source})
    [found] = find(app, "AF1", imports=False)
    assert (found.code, found.path) == ("AF101", "blueprints/hello.py")
    assert found.fix == "Write async def wait."
    assert "await" in app.joinpath(found.path).read_text().splitlines()[found.line - 1]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("async def wait():", "await asyncio.sleep(x)"),
        ("def wait():", "return (await one for one in x)"),
        ("def wait():", "async def inner(): await asyncio.sleep(x)"),
        ("async def wait():", "return [await one for one in x]"),
    ],
)
def test_await_where_python_takes_it(head: str, line: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"] + WAITING.format(head=head, line=line)
    assert find(plant({"blueprints/hello.py": source}), "AF101") == []


@pytest.mark.parametrize(
    "lines",
    [
        "def helper(text: Annotated[str, lambda value: value.strip()]): ...",
        "match (1, 2):\n    case [one, *Kind]: ...\ndef helper(text: Kind): ...",
        "match {}:\n    case {**Kind}: ...\ndef helper(text: Kind): ...",
        "match 1:\n    case int() as Kind: ...\ndef helper(text: Kind): ...",
        "setattr(sys.modules[__name__], 'Kind', int)\ndef helper(text: Kind): ...",
        "vars()['Kind'] = int\ndef helper(text: Kind): ...",
        "locals()['Kind'] = int\ndef helper(text: Kind): ...",
        "exec('class Kind: ...')\ndef helper(text: Kind): ...",
    ],
)
def test_names_that_annotations_find(lines: str, plant: Plant, find: Find) -> None:
    imports = "import sys\nfrom typing import Annotated\n"
    source = f"{imports}{HEALTHY['blueprints/hello.py']}\n{lines}\n"
    assert find(plant({"blueprints/hello.py": source}), "AF1") == []


def test_sys_exit_at_import_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "import sys\nsys.exit(3)\n"})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF102", "blueprints/hello.py", 2)


OVERFLOW = """import ctypes
def crash():
    ctypes.string_at(0)
crash()
"""
SIGNAL = """import os
import signal
os.kill(os.getpid(), signal.{})
"""
# The app ends another process first.
OTHER = """import os
import subprocess
other = subprocess.Popen(["sleep", "60"])
os.kill(other.pid, 9)
other.wait()
os.abort()
"""
THREAD = """import os
import threading
thread = threading.Thread(target=lambda: os._exit(3))
thread.start()
thread.join()
"""


@pytest.mark.parametrize(
    ("code", "line", "how"),
    [
        ("import os\nos._exit(0)\n", 2, "ends the process."),
        ("from os import _exit\nif True:\n    _exit(1)\n", 3, "ends the process."),
        (THREAD, 3, "ends the process."),
        (OVERFLOW, 3, "ends the process with SIGSEGV."),
        ("import os\n\nos.abort()\n", 3, "ends the process with SIGABRT."),
        (OTHER, 6, "ends the process with SIGABRT."),
        (SIGNAL.format("SIGKILL"), 3, "ends the process with SIGKILL."),
        (SIGNAL.format("SIGTERM"), 3, "ends the process with SIGTERM."),
        ("import signal\nsignal.raise_signal(15)\n", 2, "ends the process with SIGTERM."),
        ("import os\nos.execv('/bin/true', ['true'])\n", 2, "ends the process."),
    ],
)
def test_a_process_that_ends_at_import_is_found(
    plant: Plant, worker_python: Path, code: str, line: int, how: str
) -> None:
    for path, above in (("blueprints/hello.py", ""), ("blueprints/größe.py", "# Größe\n\n")):
        files: Files = {path: above + code}
        if path not in HEALTHY:
            files["blueprints/hello.py"] = "from . import größe"
        [found] = find_problems(plant(files), "AF10", worker_python, imports=False)
        assert (found.code, found.path) == ("AF102", path)
        assert (found.line, found.message) == (
            line + above.count("\n"),
            f"Importing the app {how}",
        )


def test_a_process_that_a_package_ends_is_found_at_its_import(
    plant: Plant, worker_python: Path
) -> None:
    package = ".python_packages/lib/site-packages/leaving/__init__.py"
    app = plant(
        {
            "blueprints/hello.py": "import json\nimport leaving\n",
            package: "import os\nos._exit(0)\n",
        }
    )
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF102", "blueprints/hello.py", 2)


def test_endless_recursion_is_found(plant: Plant, worker_python: Path) -> None:
    app = plant({"blueprints/hello.py": "def first():\n    first()\n\n\nfirst()\n"})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", 2)


def test_a_process_that_only_asks_for_itself_goes_on(plant: Plant, worker_python: Path) -> None:
    code = HEALTHY["blueprints/hello.py"] + "\nimport os\n\nos.kill(os.getpid(), 0)\n"
    app = plant({"blueprints/hello.py": code})
    assert find_problems(app, "AF10", worker_python) == []


def test_writing_into_the_project_at_import_is_found_and_refused(
    plant: Plant, worker_python: Path
) -> None:
    content = "from pathlib import Path\nPath('state.txt').write_text('x')\n"
    app = plant({"blueprints/hello.py": content})
    [found] = find_problems(app, "AF10", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", 2)
    assert found.message.startswith("Importing the app writes state.txt, which fails")
    assert found.fix == "Write to tempfile.gettempdir() instead."
    assert not (app / "state.txt").exists()


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("undefined_name\n", ""),
        ("import json\njson.no_such_function()\n", ""),
        ("from azure.functions import Blueprintt\n", ""),
        ("from json import no_such_function\n", ""),
        ("import azure.functions as func\nfunc.Blueprint().no_such_trigger()\n", ""),
        ("import azure.functions as func\nfunc.FunctionApp(http_auth_level='x')\n", ""),
        ("import no_such_package\n", '"no_such_package" is not installed for '),
        (
            "from werkzeug import no_such_function\n",
            "The installed werkzeug does not have what the app imports, ",
        ),
        (
            "import werkzeug.http\nwerkzeug.http.parse_date(1)\n",
            "Importing the app fails in a package that it uses (AttributeError at blueprints/hello.py:2: 'int'",
        ),
        (
            "import os\nos.getenv('ABSENT').split(',')\n",
            "Importing the app fails (AttributeError at blueprints/hello.py:2: 'NoneType' object",
        ),
        (
            "import os\nif 'ABSENT' not in os.environ:\n    raise ValueError('ABSENT?')\n",
            "Importing the app fails (ValueError at blueprints/hello.py:3: ABSENT?), and there is no local",
        ),
    ],
)
def test_without_settings_and_packages_only_the_apps_own_mistakes_count(
    source: str, why: str, plant: Plant, worker_python: Path
) -> None:
    source += HEALTHY["blueprints/hello.py"]
    app = plant({"local.settings.json": None, "blueprints/hello.py": source})
    is_fault = not why
    assert bool(find_problems(app, "AF101", worker_python, imports=False)) == is_fault
    said = why_not_indexed(Project(app, IndexOptions(worker_python)))
    assert said.startswith(why)
    assert (said == "") == is_fault


NO_DURABLE = 'import sys\n\nsys.modules["azure.durable_functions"] = None\n'
NEEDS_NUMPY = "try:\n    import numpy\nexcept ImportError as error:\n    raise "
ORCHESTRATOR = '@app.orchestration_trigger("context")\ndef orders_flow(context):\n    yield\n'


@pytest.mark.parametrize(
    ("start", "end", "lacks", "required", "code"),
    [
        (NO_DURABLE, ORCHESTRATOR, "azure.durable_functions", "azure-functions-durable", "AF415"),
        (
            f"{NO_DURABLE}import azure.durable_functions\n",
            "",
            "azure.durable_functions",
            "azure-functions-durable",
            "AF411",
        ),
        (f'{NEEDS_NUMPY}RuntimeError("Install numpy") from error\n', "", "numpy", "numpy", "AF101"),
        (f"{NEEDS_NUMPY}RuntimeError\n", "", "numpy", "numpy", "AF101"),
        (f"{NEEDS_NUMPY}SystemExit(1)\n", "", "numpy", "numpy", "AF102"),
        (
            "from importlib.metadata import version\nversion('numpy')\n",
            "",
            "numpy",
            "numpy",
            "AF101",
        ),
    ],
)
def test_a_required_package_that_is_not_installed_here_is_no_error(
    start: str,
    end: str,
    lacks: str,
    required: str,
    code: str,
    plant: Plant,
    worker_python: Path,
) -> None:
    files = {
        "function_app.py": start + HEALTHY["function_app.py"] + end,
        "requirements.txt": f"azure-functions\n{required}\n",
        "azure/main.bicep": "",
    }
    app = plant(files)
    assert find_problems(app, "AF", worker_python, imports=False) == []
    project = Project(app, IndexOptions(worker_python))
    assert why_not_indexed(project).startswith(f'"{lacks}" is not installed for {worker_python}')
    without = plant({**files, "requirements.txt": "azure-functions\n"})
    found = find_problems(without, "AF", worker_python, imports=False)
    assert [one.code for one in found] == [code]


def test_the_place_of_an_import_that_does_not_end(plant: Plant, worker_python: Path) -> None:
    source = "import time\n\n\ndef wait():\n    while True:\n        time.sleep(0.01)\n\n\nwait()\n"
    project = Project(plant({"blueprints/hello.py": source}), IndexOptions(worker_python, 4))
    [found] = [p for rule in chosen(["AF103"], []) for p in rule.check(project)]
    assert found.place.path == "blueprints/hello.py"
    assert found.place.line in (5, 6)


def test_the_place_of_a_write_at_import(plant: Plant, worker_python: Path) -> None:
    source = (
        "from pathlib import Path\n\n\ndef write(name):\n    try:\n        Path(name).write_text('x')\n"
        "    except OSError:\n        pass\n\n\nwrite('a.txt')\nwrite('b.txt')\n"
        "Path('logs').exists() or __import__('os').makedirs('logs')\n"
    )
    found = find_problems(
        plant({"blueprints/hello.py": source}), "AF104", worker_python, imports=False
    )
    places = {problem.message.split()[4].rstrip(","): problem.line for problem in found}
    assert places == {"a.txt": 6, "b.txt": 6, "logs": 13}


# What a Python that reads these lines says that 3.`app` does not take in them, and since when it is taken.
TOO_NEW = {
    ("try: ...\nexcept* ValueError: ...", 10): ("except*", 11),
    ("try: ...\nexcept* ValueError: ...", 11): None,
    ("type A = int", 11): ("a type statement", 12),
    ("type A = int", 12): None,
    ("def first[T](one: T): ...", 11): ("a parameter of a type", 12),
    ("class Rows[*Ts]: ...", 11): ("a parameter of a type", 12),
    ("class Rows[T = int]: ...", 12): ("a default of a parameter of a type", 13),
    ("""x = f'{a["b"]}'""", 11): None,
    ("""x = f'{a['b']}'""", 11): ("an f-string with its own quotation marks in its braces", 12),
    ("""x = f'{a['b']}'""", 12): None,
    ("""x = f"{f'{a}'}" """, 11): None,
    ("""x = f"{f"{a}"}" """, 11): ("an f-string with its own quotation marks in its braces", 12),
    ("""x = F'{", ".join(a)} {b!r:>{c}} \\' {{"d"}}' f"{e}" '"' """, 11): None,
    ("""x = rf'\\d{"\\n".join(a)}'""", 11): (
        "an f-string with a backslash or a comment in its braces",
        12,
    ),
    ("""x = f'\\n{a:\\n}' """, 11): None,
    ("x = f'''{\na  # one\n}'''", 11): (
        "an f-string with a backslash or a comment in its braces",
        12,
    ),
}
READ = """
import sys
from pathlib import Path
from functions_validator.project.new_syntax import too_new
from functions_validator.project.python_source import Module
path = Path(sys.argv[1])
for line, app in eval(sys.stdin.read()):
    path.write_text(line)
    found = too_new(Module(path, "hello.py", "hello"), app)
    print(found and found[1:])
"""


def test_syntax_that_the_apps_python_does_not_take(
    environment: Callable[[str], Path], tmp_path: Path
) -> None:
    """Each line is as Python 3.13 reads it: this one may be older."""
    printed = run(
        environment("3.13"),
        "-c",
        READ,
        tmp_path / "hello.py",
        stdin=repr(list(TOO_NEW)),
        environment={"PYTHONPATH": str(Path(__file__).parents[3] / "src")},
    ).stdout
    found = dict(zip(TOO_NEW, printed.splitlines(), strict=True))
    assert found == {case: str(expected) for case, expected in TOO_NEW.items()}


@pytest.mark.parametrize(
    ("python", "source"),
    [("3.10", "\n\ntry: ...\nexcept* ValueError: ...\n"), ("3.11", "\n\n\ntype Name = str\n")],
)
def test_syntax_that_is_too_new_for_the_app(
    python: str, source: str, plant: Plant, find: Find
) -> None:
    hello = HEALTHY["blueprints/hello.py"] + source
    app = plant({".python-version": f"{python}\n", "blueprints/hello.py": hello})
    [found] = find(app, "AF101")
    assert (found.code, found.path) == ("AF101", "blueprints/hello.py")
    assert "cannot read the file" in found.message
    app.joinpath(".python-version").write_text("3.13\n")
    assert find(app, "AF101") == []
