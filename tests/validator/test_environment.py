"""AF302 to AF304 and AF313: settings that the app reads from its environment."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Found, Judged, Plant, judge


def hello(top: str = "", inside: str = "pass") -> str:
    """Return a blueprint with lines at the top, and others in its function."""
    return (
        f"import os\n{top}\nimport azure.functions as func\n\nbp = func.Blueprint()\n\n\n"
        '@bp.route(route="hello")\ndef hello(req: func.HttpRequest) -> str:\n'
        f"    {inside}\n    return 'x'\n"
    )


def codes(found: list[Found]) -> list[tuple[str, str, int]]:
    return [(finding.code, finding.path, finding.line) for finding in found]


@pytest.mark.parametrize(
    "top",
    [
        'NAME = os.environ["HELLO_NAME"]',
        'KEY = "HELLO_NAME"; NAME = os.environ[KEY]',
        'from os import environ; NAME = environ["HELLO_NAME"]',
        'class Settings: name = os.environ["HELLO_NAME"]',
        'def f(name=os.environ["HELLO_NAME"]): return name',
    ],
)
def test_a_missing_setting_at_import_is_one_finding(top: str, plant: Plant, judged: Judged) -> None:
    app = plant({"blueprints/hello.py": hello(top)})
    assert codes(judged(app, "AF")) == [("AF302", "blueprints/hello.py", 2)]


def test_a_missing_setting_that_only_the_running_app_names_is_one_finding(
    plant: Plant, worker_python: Path
) -> None:
    top = 'NAMES = {name: os.environ[f"HELLO_{name}"] for name in ("A", "B")}'
    app = plant({"blueprints/hello.py": hello(top)})
    assert codes(judge(app, "AF", worker_python)) == [("AF302", "blueprints/hello.py", 2)]


def test_a_read_in_a_function_that_runs_at_import_is_one_finding(
    plant: Plant, worker_python: Path
) -> None:
    top = 'def name(): return os.environ["HELLO_NAME"]\nNAME = name()'
    app = plant({"blueprints/hello.py": hello(top)})
    assert codes(judge(app, "AF", worker_python)) == [("AF302", "blueprints/hello.py", 2)]


def test_a_missing_setting_in_a_function_is_found(plant: Plant, judged: Judged) -> None:
    app = plant({"blueprints/hello.py": hello(inside='os.environ["HELLO_NAME"]')})
    assert codes(judged(app, "AF")) == [("AF303", "blueprints/hello.py", 10)]


@pytest.mark.parametrize(
    "inside",
    [
        'os.getenv("HELLO_NAME")',
        'os.environ.get("HELLO_NAME", "x")',
        'os.environ["HELLO_NAME"] = "x"',
        'os.environ["WEBSITE_HOSTNAME"]',
        'os.environ["OrdersStorage"]',
        'os.environ["OrdersStorage__serviceUri"]',
        'os.environ["A"] if "A" in os.environ else "x"',
        'os.getenv("A") or os.environ["B"]',
        'os.environ[req.params["name"]] if req.params else "x"',
    ],
)
def test_reads_that_do_not_fail_are_no_finding(inside: str, plant: Plant, judged: Judged) -> None:
    assert judged(plant({"blueprints/hello.py": hello(inside=inside)}), "AF3") == []


@pytest.mark.parametrize(
    "top",
    [
        'try:\n    NAME = os.environ["HELLO_NAME"]\nexcept KeyError:\n    NAME = "x"\n',
        'if "HELLO_NAME" in os.environ:\n    NAME = os.environ["HELLO_NAME"]\n',
        'os.environ.setdefault("HELLO_NAME", "x")\nNAME = os.environ["HELLO_NAME"]\n',
        'from contextlib import suppress\nwith suppress(KeyError):\n    os.environ["HELLO_NAME"]\n',
        'if os.getenv("AUTH"):\n    NAME = os.environ["HELLO_NAME"]\n',
        'if __name__ == "__main__":\n    NAME = os.environ["HELLO_NAME"]\n',
    ],
)
def test_reads_that_are_guarded_are_no_finding(top: str, plant: Plant, judged: Judged) -> None:
    assert judged(plant({"blueprints/hello.py": hello(top)}), "AF") == []


def test_a_missing_setting_without_local_files_is_a_note(plant: Plant, judged: Judged) -> None:
    files = {
        "blueprints/hello.py": hello('NAME = os.environ["HELLO_NAME"]'),
        "local.settings.json": None,
    }
    assert judged(plant(files), "AF") == []


def test_an_app_that_loads_a_env_file_is_not_judged(plant: Plant) -> None:
    top = 'from dotenv import load_dotenv\nload_dotenv()\nNAME = os.environ["HELLO_NAME"]'
    assert judge(plant({"blueprints/hello.py": hello(top)}), "AF3") == []


@pytest.mark.parametrize("read", ['os.environ["ordersstorage"]', 'os.getenv("ORDERSSTORAGE")'])
def test_other_capitals_than_those_of_the_setting_are_found(
    read: str, plant: Plant, judged: Judged
) -> None:
    app = plant({"blueprints/hello.py": hello(inside=read)})
    assert codes(judged(app, "AF3")) == [("AF304", "blueprints/hello.py", 10)]
    app = plant({"blueprints/hello.py": hello(f"NAME = {read}")})
    assert codes(judged(app, "AF3")) == [("AF304", "blueprints/hello.py", 2)]


STREAMS = hello("from azurefunctions.extensions.http.fastapi import Request")
DOCKER = "FROM mcr.microsoft.com/azure-functions/python:4-python3.{}\n"


def test_http_streams_need_a_setting_up_to_python_312(plant: Plant) -> None:
    app = plant({"blueprints/hello.py": STREAMS, "Dockerfile": DOCKER.format(12)})
    assert codes(judge(app, "AF3")) == [("AF313", "blueprints/hello.py", 2)]
    settings = HEALTHY["local.settings.json"].replace(
        '"Orders', '"PYTHON_ENABLE_INIT_INDEXING": "1", "Orders'
    )
    (app / "local.settings.json").write_text(settings)
    assert judge(app, "AF3") == []


def test_http_streams_need_no_setting_from_python_313_on(plant: Plant) -> None:
    app = plant({"blueprints/hello.py": STREAMS, "Dockerfile": DOCKER.format(13)})
    assert judge(app, "AF3") == []
    (app / "Dockerfile").unlink()
    assert judge(app, "AF3") == []
