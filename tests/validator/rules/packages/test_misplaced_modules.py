"""Modules that the app has, but not where an import of it looks."""

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.import_files import importing

MODULE = "def get():\n    return None\n"


@pytest.mark.parametrize(
    ("line", "path", "requirements"),
    [
        ("from db.client import get", "app/db/client.py", ""),
        ("from db import client", "app/db/client.py", ""),
        ("import db.client", "app/db/client.py", "acme-platform-common"),
        (
            "from db.client import get",
            "app/db/client/__init__.py",
            "git+https://a.b/c/platform.git",
        ),
        ("from helpers import get", "blueprints/helpers.py", ""),
        ("import helpers", "blueprints/helpers.py", ""),
        ("from shop.orders import get", "src/shop/orders.py", ""),
        ("def later():\n    from shop.orders import get", "src/shop/orders.py", ""),
        ("from shop.orders import get", "../shop/orders.py", ""),
        ("from shop import orders", "../libs/../shop/orders.py", ""),
    ],
)
def test_a_module_in_another_folder(
    line: str, path: str, requirements: str, plant: Plant, find: Find
) -> None:
    app = plant({**importing(line, requirements), path: MODULE})
    [found] = find(app, "AF", imports=line.startswith("def "))
    assert found.code == "AF417"
    assert found.path == "blueprints/hello.py"
    assert "beside function_app.py: it is in" in found.message


def test_a_folder_that_an_image_only_names(plant: Plant) -> None:
    files = {"app/db/client.py": MODULE, "Dockerfile": "FROM x\nWORKDIR /app\n"}
    [found] = find_problems(plant({**importing("from db import client", ""), **files}), "AF417")
    assert found.path == "blueprints/hello.py"


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("from db.client import get", {"db/client.py": MODULE, "app/db/client.py": MODULE}),
        ("from db.client import other", {"app/db/client.py": MODULE, "requirements.txt": "x-y\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\n-e .\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\n.\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\n./src\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\nlibs/shop\n"}),
        ("from shop.orders import get", {"requirements.txt": "https://a.b/c/archive/main.zip\n"}),
        ("from shop.orders import get", {"requirements.txt": "azure-functions\nacme-shop\n"}),
        (
            "from shop.orders import get",
            {
                "requirements.txt": None,
                "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["azure-functions"]\n'
                '[build-system]\nrequires = ["hatchling"]\n',
            },
        ),
        ("from shop.orders import get", {"Dockerfile": "FROM x\nCOPY src/ /home/site/wwwroot\n"}),
        ("from shop.orders import get", {"Dockerfile": "FROM x\nCOPY src/ /home \\\n"}),
        ("from shop.orders import get", {"Dockerfile": "FROM x\nENV PYTHONPATH=/a/src\n"}),
        ("from shop.orders import get", {"Dockerfile": "FROM x\nRUN pip install -e .\n"}),
        ("from shop.orders import get", {"deploy.sh": "cp -r src/* dist/\n"}),
        ("from shop.orders import get", {"Makefile": "dist:\n\tcp -r src/* dist/\n"}),
        ("from shop.orders import get", {"infra/main.bicep": "PYTHONPATH: '/a/src'\n"}),
        (
            "import sys\nsys.path.append('src')\nfrom shop.orders import get",
            {},
        ),
        (
            "try:\n    from shop.orders import get\nexcept ImportError:\n    get = None",
            {},
        ),
        ("import redis", {"services/redis.py": MODULE, "requirements.txt": "acme-common\n"}),
        # Something else makes the list, such as `poetry export` in azure.yaml.
        ("import helpers", {"blueprints/helpers.py": MODULE, "requirements.txt": None}),
        # A module does not mean itself.
        ("from hello import get", {}),
        ("from hello import get\nfrom hello.text import put", {}),
        ("from fixtures import get", {"tests/fixtures.py": MODULE, "requirements.txt": "acme-x\n"}),
        ("import json", {"app/json.py": MODULE}),
        (
            "import fastar",
            {"app/fastar.py": MODULE, "requirements.txt": "azure-functions\nfastapi[standard]\n"},
        ),
        (
            "import jmespath",
            {"app/jmespath.py": MODULE, "requirements.txt": "azure-functions\nboto3[crt]\n"},
        ),
    ],
)
def test_a_module_that_python_finds(line: str, files: Files, plant: Plant) -> None:
    app = {**importing(line, ""), "src/shop/__init__.py": "", "src/shop/orders.py": MODULE, **files}
    assert find_problems(plant(app), "AF417") == []


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("from {}.blueprints import hello, orders", "Write blueprints instead."),
        ("from {} import blueprints", "Import blueprints itself."),
        ("import {}.blueprints.hello", "Write blueprints.hello instead."),
    ],
)
def test_the_folder_of_the_app_is_not_a_package(line: str, fix: str, plant: Plant) -> None:
    name = plant({}).name
    entry = HEALTHY["function_app.py"].replace(
        "from blueprints import hello, orders", line.format(name)
    )
    found = find_problems(plant({"function_app.py": entry}))
    assert [(one.code, one.fix) for one in found if one.code in ("AF411", "AF417")] == [
        ("AF417", fix)
    ]


@pytest.mark.parametrize(
    ("path", "moved"),
    [
        ("../libs/pricing/lists.py", "../libs/pricing"),
        ("../libs/src/pricing/__init__.py", "../libs/src/pricing"),
        ("../libs/pricing.py", "../libs/pricing.py"),
    ],
)
def test_a_module_in_a_folder_beside_the_app(path: str, moved: str, plant: Plant) -> None:
    files: Files = {**importing("import pricing", ""), path: "", "../.git/HEAD": ""}
    [found] = find_problems(plant(files), "AF41")
    assert (found.code, found.path) == ("AF411", "blueprints/hello.py")
    assert found.fix == f"Move {moved} beside function_app.py, or require it as a package."


def test_a_module_in_a_folder_beside_the_app_that_a_script_copies(plant: Plant) -> None:
    files: Files = {
        **importing("import pricing", ""),
        "../libs/pricing/__init__.py": "",
        "../Makefile": "dist/%:\n\tcp -r libs/pricing $@\n",
        "../.git/HEAD": "",
    }
    assert find_problems(plant(files), "AF41") == []
