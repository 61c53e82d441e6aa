"""Settings that the app reads from its environment."""

import json
import time
from pathlib import Path

import pytest

from functions_validator.indexing.index import IndexOptions
from functions_validator.project.import_failures import why_not_indexed
from functions_validator.project.project import Project
from tests.support.validator import Find, Plant, find_problems, problems_of
from tests.validator.rules.settings_files import AZURITE, codes, hello, local


@pytest.mark.parametrize(
    "top",
    [
        'NAME = os.environ["HELLO_NAME"]',
        'KEY = "HELLO_NAME"; NAME = os.environ[KEY]',
        'from os import environ; NAME = environ["HELLO_NAME"]',
        'class Settings: name = os.environ["HELLO_NAME"]',
        'def f(name=os.environ["HELLO_NAME"]): return name',
        'SIZE = int(os.getenv("HELLO_NAME"))',
        'NAMES = os.environ.get("HELLO_NAME").split(",")',
        'NAME = "x-" + os.getenv("HELLO_NAME")',
    ],
)
def test_a_missing_setting_at_import_is_found_once(top: str, plant: Plant, find: Find) -> None:
    app = plant({"blueprints/hello.py": hello(top)})
    assert codes(find(app, "AF", imports=False)) == [("AF302", "blueprints/hello.py", 2)]


@pytest.mark.parametrize(
    "top",
    [
        'NAMES = {name: os.environ[f"HELLO_{name}"] for name in ("A", "B")}',
        'def name(): return os.environ["HELLO_NAME"]\nNAME = name()',
    ],
)
def test_a_missing_setting_that_only_the_import_shows_is_found_once(
    top: str, plant: Plant, worker_python: Path
) -> None:
    app = plant({"blueprints/hello.py": hello(top)})
    found = find_problems(app, "AF", worker_python, imports=False)
    assert codes(found) == [("AF302", "blueprints/hello.py", 2)]


def test_a_missing_setting_in_a_function_is_found(plant: Plant, find: Find) -> None:
    app = plant({"blueprints/hello.py": hello(inside='os.environ["HELLO_NAME"]')})
    assert codes(find(app, "AF")) == [("AF303", "blueprints/hello.py", 10)]


@pytest.mark.parametrize(
    "inside",
    [
        'os.getenv("HELLO_NAME")',
        'int(os.getenv("HELLO_NAME", "1"))',
        'os.getenv("HELLO_NAME").__class__',
        'int(os.getenv("HELLO_NAME") or "1")',
        'str(os.getenv("HELLO_NAME"))',
        'int(os.getenv("HELLO_NAME")) if os.getenv("HELLO_NAME") else 1',
        'os.environ.get("HELLO_NAME", "x")',
        'os.environ["HELLO_NAME"] = "x"',
        'os.environ["WEBSITE_HOSTNAME"]',
        'os.environ["HOME"]',
        'os.environ["OrdersStorage"]',
        'os.environ["OrdersStorage__serviceUri"]',
        'os.environ["A"] if "A" in os.environ else "x"',
        'os.getenv("A") or os.environ["B"]',
        'os.environ[req.params["name"]] if req.params else "x"',
    ],
)
def test_reads_that_do_not_fail(inside: str, plant: Plant, find: Find) -> None:
    assert find(plant({"blueprints/hello.py": hello(inside=inside)}), "AF3") == []


@pytest.mark.parametrize(
    "top",
    [
        'try:\n    NAME = os.environ["HELLO_NAME"]\nexcept KeyError:\n    NAME = "x"\n',
        'try:\n    SIZE = int(os.getenv("HELLO_NAME"))\nexcept TypeError:\n    SIZE = 1\n',
        'int = str\nSIZE = int(os.getenv("HELLO_NAME"))\n',
        'if "HELLO_NAME" in os.environ:\n    NAME = os.environ["HELLO_NAME"]\n',
        'os.environ.setdefault("HELLO_NAME", "x")\nNAME = os.environ["HELLO_NAME"]\n',
        'from contextlib import suppress\nwith suppress(KeyError):\n    os.environ["HELLO_NAME"]\n',
        'if os.getenv("AUTH"):\n    NAME = os.environ["HELLO_NAME"]\n',
        'if __name__ == "__main__":\n    NAME = os.environ["HELLO_NAME"]\n',
    ],
)
def test_reads_that_are_guarded(top: str, plant: Plant, find: Find) -> None:
    assert find(plant({"blueprints/hello.py": hello(top)}), "AF") == []


@pytest.mark.parametrize(
    "test",
    [
        '"HELLO_NAME" in os.environ',
        '"HELLO_NAME" not in os.environ.keys()',
        '"HELLO_NAME" in environment',
        '"HELLO_NAME" in dict(os.environ)',
        '"HELLO_NAME" in copy',
    ],
)
def test_a_test_of_the_environment_is_a_guard(test: str, plant: Plant, find: Find) -> None:
    inside = f'copy = {{**os.environ}}; print({test}); os.environ["HELLO_NAME"]'
    assert find(plant({"blueprints/hello.py": hello(inside=inside)}), "AF3") == []


@pytest.mark.parametrize(
    "test",
    [
        '"HELLO_NAME" == req.method',
        '"HELLO_NAME" != "x"',
        '"HELLO_NAME" in ("A", "B")',
        '"HELLO_NAME" in req.params',
        '"HELLO_NAME" < "x"',
        '"HELLO_NAME" is None',
    ],
)
def test_another_comparison_is_not_a_guard(test: str, plant: Plant, find: Find) -> None:
    inside = f'print({test}); os.environ["HELLO_NAME"]'
    found = find(plant({"blueprints/hello.py": hello(inside=inside)}), "AF3")
    assert [problem.code for problem in found] == ["AF303"]
    top = f'NAME = [{test.replace("req.", "os.")} if True else 1, os.environ["HELLO_NAME"]]'
    [first] = find_problems(plant({"blueprints/hello.py": hello(top)}), "AF3")
    assert first.code == "AF302"


def test_without_local_files_nothing_is_missing(plant: Plant, worker_python: Path) -> None:
    top = 'NAME = os.environ["HELLO_NAME"]'
    app = plant({"blueprints/hello.py": hello(top), "local.settings.json": None})
    assert find_problems(app) == []
    project = Project(app, IndexOptions(worker_python))
    assert problems_of(project, imports=False) == []
    assert why_not_indexed(project).startswith(
        'Importing the app needs the setting "HELLO_NAME", so only the sources were checked. Add '
    )


def test_an_import_that_needs_a_setting_which_is_encrypted(
    plant: Plant, worker_python: Path
) -> None:
    settings = {"IsEncrypted": True, "Values": {"HELLO_NAME": f"CfDJ8{'AbC/+9' * 20}=="}}
    top = 'NAME = os.environ["HELLO_NAME"]'
    files = {"blueprints/hello.py": hello(top), "local.settings.json": json.dumps(settings)}
    assert why_not_indexed(Project(plant(files), IndexOptions(worker_python))) == (
        'Importing the app needs the setting "HELLO_NAME", whose value is encrypted, so only the '
        "sources were checked. Run func settings decrypt."
    )


@pytest.mark.parametrize(
    "code",
    [
        'os.environ["HELLO_NAME"] = "1"',
        'os.environ.setdefault("HELLO_NAME", "1")',
        "os.environ.update(DEFAULTS)",
    ],
)
def test_a_setting_that_another_module_sets(code: str, plant: Plant) -> None:
    files = {
        "shared/__init__.py": "",
        "shared/settings.py": f"import os\n\nDEFAULTS = dict(HELLO_NAME='1')\n{code}\n",
        "blueprints/hello.py": hello(
            'from shared import settings\nNAME = os.environ["HELLO_NAME"]'
        ),
    }
    assert find_problems(plant(files), "AF3") == []


def test_an_app_that_loads_an_env_file_is_not_checked(plant: Plant) -> None:
    top = 'from dotenv import load_dotenv\nload_dotenv()\nNAME = os.environ["HELLO_NAME"]'
    assert find_problems(plant({"blueprints/hello.py": hello(top)}), "AF3") == []


@pytest.mark.parametrize(
    ("read", "imports"),
    [('os.environ["ordersstorage"]', False), ('os.getenv("ORDERSSTORAGE")', True)],
)
def test_the_wrong_letter_case_is_found(read: str, imports: bool, plant: Plant, find: Find) -> None:
    app = plant({"blueprints/hello.py": hello(inside=read)})
    assert codes(find(app, "AF3")) == [("AF304", "blueprints/hello.py", 10)]
    app = plant({"blueprints/hello.py": hello(f"NAME = {read}")})
    assert codes(find(app, "AF3", imports=imports)) == [("AF304", "blueprints/hello.py", 2)]


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("AZUREWEBJOBSSTORAGE", "AzureWebJobsStorage"),
        ("azurewebjobsstorage", "AzureWebJobsStorage"),
        ("functions_worker_runtime", "FUNCTIONS_WORKER_RUNTIME"),
    ],
)
def test_the_letter_case_of_names_that_azure_knows(
    name: str, setting: str, plant: Plant, find: Find
) -> None:
    app = plant({"blueprints/hello.py": hello(inside=f'os.environ["{name}"]')})
    [found] = find(app, "AF3")
    assert (found.code, found.line) == ("AF304", 10)
    assert f'"{setting}"' in found.fix


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("AzureWebJobsStorage", {}),
        ("WEBSITE_HOSTNAME", {"website_hostname": "localhost"}),
        ("http_proxy", {"HTTP_PROXY": "http://proxy"}),
        ("PATH", {"Path": "/bin"}),
    ],
)
def test_variables_that_have_the_name_as_it_is_read(
    name: str, values: dict[str, str], plant: Plant
) -> None:
    settings = local(OrdersStorage=AZURITE, **values)
    text = hello(inside=f'os.environ["{name}"]')
    app = plant({"blueprints/hello.py": text, "local.settings.json": settings})
    assert find_problems(app, "AF3") == []


def test_many_comparisons_are_read_fast(plant: Plant) -> None:
    lines = [f"    found{n} = dict(a={n}, b={n})\n    'a' in found{n}" for n in range(600)]
    code = hello(top="KEY = os.environ['KEY']\n") + "\n\ndef many():\n" + "\n".join(lines) + "\n"
    app = plant({"blueprints/hello.py": code})
    started = time.perf_counter()
    assert [found.code for found in find_problems(app, "AF30")] == ["AF302"]
    assert time.perf_counter() - started < 2
