"""Files that Python cannot read: wrong syntax, and syntax that is too new for a Python."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.checking import check
from functions_validator.model import Fault, Place
from functions_validator.project.project import Project
from functions_validator.registry import chosen
from functions_validator.sources.new_syntax import may_be_newer
from functions_validator.sources.python_source import LARGEST_SOURCE, Module
from tests.support.run import run
from tests.support.validator import (
    FROM_SOURCES,
    HEALTHY,
    Find,
    Plant,
    find_problems,
    problems_of,
)


def test_a_syntax_error_is_found(plant: Plant, find: Find) -> None:
    app = plant({"blueprints/hello.py": "def hello(:\n"})
    [found] = find(app, "AF101", imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 1)


def test_a_line_in_another_encoding_is_found(plant: Plant, find: Find) -> None:
    text = HEALTHY["blueprints/hello.py"].replace('"Hello"', '"Grüße"')
    app = plant({"blueprints/hello.py": text.encode("latin-1")})
    [found] = find(app, "AF1", imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", 8)


def test_python_does_not_read_the_encoding_of_a_comment(plant: Plant, find: Find) -> None:
    text = f"# Grüße\n{HEALTHY['blueprints/hello.py']}"
    assert find(plant({"blueprints/hello.py": text.encode("latin-1")})) == []


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
    module.error = Fault(message, Place("hello.py", 2))
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
from functions_validator.sources.new_syntax import too_new
from functions_validator.sources.python_source import Module
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
        environment=FROM_SOURCES,
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
