"""What the import of an app does with asyncio: the worker imports it in a loop that runs already."""

from pathlib import Path

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.import_failures import why_not_indexed
from functions_validator.project.project import Project
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

SOURCE = f"""{HEALTHY["blueprints/hello.py"]}

import asyncio
from asyncio import run
from concurrent.futures import ThreadPoolExecutor


async def load():
    return 1


def loaded():
    return asyncio.run(load())


"""
LINE = SOURCE.count("\n") + 1


def hello(lines: str) -> Files:
    """Return an app with some lines at the end of a module, whose first one is LINE."""
    return {"blueprints/hello.py": f"{SOURCE}{lines}\n"}


@pytest.mark.parametrize(
    ("lines", "line", "called"),
    [
        ("RATES = asyncio.run(load())", LINE, "asyncio.run"),
        ("RATES = [run(load())]", LINE, "run"),
        (
            "asyncio.get_event_loop().run_until_complete(load())",
            LINE,
            "asyncio.get_event_loop().run_until_complete",
        ),
        (
            "loop = asyncio.new_event_loop()\nloop.run_until_complete(load())",
            LINE + 1,
            "loop.run_until_complete",
        ),
        ("class Rates:\n    first = asyncio.run(load())", LINE + 1, "asyncio.run"),
    ],
)
def test_a_loop_that_the_import_starts(
    lines: str, line: int, called: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(hello(lines)), "AF1", imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", line)
    assert found.message.startswith(
        f"{called} fails here: the worker imports the app in an event loop"
    )


@pytest.mark.parametrize("settings", [HEALTHY["local.settings.json"], None])
def test_a_loop_that_a_function_starts_at_import(
    settings: str | None, plant: Plant, worker_python: Path
) -> None:
    app = plant({**hello("RATES = loaded()"), "local.settings.json": settings})
    [found] = find_problems(app, "AF101", worker_python, imports=False)
    assert (found.path, found.line) == ("blueprints/hello.py", SOURCE.count("\n") - 2)
    assert "cannot be called from a running event loop" in found.message


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("import anyio\nanyio.run(load)", "Already running asyncio in this thread"),
        (
            "from asgiref.sync import async_to_sync\nasync_to_sync(load)()",
            "in the same thread as an async event loop",
        ),
    ],
)
def test_a_package_that_starts_a_loop_at_import(
    lines: str, message: str, plant: Plant, worker_python: Path
) -> None:
    app = plant({**hello(lines), "requirements.txt": "azure-functions\nanyio\nasgiref\n"})
    [found] = find_problems(app, "AF1", worker_python, imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "blueprints/hello.py", LINE + 1)
    assert message in found.message


@pytest.mark.parametrize(
    "lines",
    [
        "task = asyncio.create_task(load())",
        "task = asyncio.ensure_future(load())",
        "loop = asyncio.get_running_loop()",
        "import aiohttp\nsession = aiohttp.ClientSession()",
        "try:\n    asyncio.run(load())\nexcept RuntimeError:\n    pass",
        "if __name__ == '__main__':\n    asyncio.run(load())",
        "RATES = ThreadPoolExecutor(1).submit(asyncio.run, load()).result()",
        "RATES = ThreadPoolExecutor(1).submit(loaded).result()",
        "later = lambda: asyncio.run(load())",
        "async def end():\n    raise SystemExit\ntask = asyncio.ensure_future(end())",
        "async def write():\n    open('one.txt', 'w')\ntask = asyncio.ensure_future(write())",
        "asyncio.current_task().cancel()",
        "class Loop:\n    def run_until_complete(self, it): ...\nLoop().run_until_complete(1)",
        "class Loop:\n    def run_until_complete(self, it): ...\nloop = Loop()\nloop.run_until_complete(1)",
    ],
)
def test_what_a_running_loop_takes(lines: str, plant: Plant, find: Find) -> None:
    app = plant({**hello(lines), "requirements.txt": "azure-functions\naiohttp\n"})
    assert find(app, "AF1") == []


LATER = "    from shared import rates\n    return func.HttpResponse(str(rates.FIRST))"
RATES = "import asyncio\nFIRST = asyncio.run(asyncio.sleep(0, 1))\n"


def test_a_loop_that_a_thread_starts(plant: Plant, find: Find) -> None:
    """A function that is not async imports the module in a thread, where no loop runs."""
    source = HEALTHY["blueprints/hello.py"].replace('    return func.HttpResponse("Hello")', LATER)
    files = {"blueprints/hello.py": source, "shared/__init__.py": "", "shared/rates.py": RATES}
    assert find(plant(files), "AF1") == []


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("from shared import rates", 1),
        ("class Rates:\n    from shared import rates", 1),
        ("try:\n    from shared import rates\nexcept RuntimeError:\n    pass", 0),
        ("match __name__:\n    case '__main__':\n        from shared import rates", 0),
        ("while not __name__:\n    from shared import rates", 0),
    ],
)
def test_what_the_import_of_another_module_starts(lines: str, count: int, plant: Plant) -> None:
    app = plant({**hello(lines), "shared/__init__.py": "", "shared/rates.py": RATES})
    assert len(find_problems(app, "AF101")) == count


@pytest.mark.parametrize("package", ["nest_asyncio", "nest_asyncio2"])
def test_a_package_that_lets_loops_nest(package: str, plant: Plant) -> None:
    lines = f"import {package}\n{package}.apply()\nRATES = asyncio.run(load())"
    assert find_problems(plant(hello(lines)), "AF101") == []


def test_an_app_with_a_session_is_indexed(plant: Plant, worker_python: Path) -> None:
    project = Project(
        plant(hello("import aiohttp\nsession = aiohttp.ClientSession()")),
        IndexOptions(worker_python),
    )
    assert project.is_indexed
    assert why_not_indexed(project) == ""
