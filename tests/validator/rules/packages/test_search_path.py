"""Modules that are only found because the app changes sys.path."""

from pathlib import Path

import pytest

from functions_validator.files.repository import MOST_FILES
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

PATHS = [
    "str(Path(__file__).parents[2])",
    "str(Path(__file__).resolve().parent.parent.parent)",
    "os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))",
    "os.path.join(os.path.dirname(__file__), '..', '..')",
    "os.path.abspath(os.path.join(os.path.dirname(__file__), '../..'))",
    "os.path.dirname(__file__) + '/../..'",
    "f'{HERE}/../..'",
    "str(HERE / '..' / '..')",
    "'..'",
    "os.path.dirname(__file__) + os.sep + os.path.join('..', '..')",
    "os.path.join(os.getcwd(), os.pardir)",
]


def above(
    path: str, statement: str = "sys.path.append({})", line: str = "import shop.orders"
) -> Files:
    """Return an app that changes sys.path on line 5, and a module above it."""
    top = f"import os, sys, site\nfrom pathlib import Path\n\nHERE = Path(__file__).parent\n{statement.format(path)}\n"
    source = HEALTHY["blueprints/hello.py"].replace("import azure", f"{top}{line}\nimport azure", 1)
    return {"blueprints/hello.py": source, "../shop/orders.py": ""}


@pytest.mark.parametrize("path", PATHS)
def test_a_module_in_a_folder_that_is_not_published(path: str, plant: Plant) -> None:
    [found] = find_problems(plant(above(path)))
    assert (found.code, found.path, found.line) == ("AF419", "blueprints/hello.py", 5)
    assert found.message == "shop is in .., which is not published with the app."


@pytest.mark.parametrize("file", ["pytest.ini", "pyproject.toml", "setup.cfg"])
def test_a_folder_that_only_pytest_adds(file: str, plant: Plant) -> None:
    files = above(PATHS[0]) | {file: "[tool.pytest.ini_options]\n  pythonpath = '..'\n"}
    assert [found.code for found in find_problems(plant(files))] == ["AF419"]


@pytest.mark.parametrize(
    "statement",
    [
        "sys.path.insert(0, {})",
        "sys.path.insert(1, str({}))",
        "site.addsitedir({})",
        "sys.path += [{}]",
        "sys.path.extend(['/opt', {}])",
    ],
)
def test_how_a_folder_that_is_not_published_is_added(
    statement: str, plant: Plant, find: Find
) -> None:
    assert [one.code for one in find(plant(above(PATHS[0], statement)))] == ["AF419"]


def test_modules_that_are_not_published_are_not_to_be_installed_from_pypi(
    plant: Plant, find: Find
) -> None:
    """A package of that name would be a stranger's."""
    app = above("str(HERE.parent.parent / 'common')", line="import prices\nimport taxes.eu")
    files = {"../common/prices.py": "", "../common/taxes/eu.py": ""}
    [found] = find(plant({**app, **files, "requirements.txt": "azure-functions\n"}), "AF4")
    assert found.code == "AF419"
    assert found.message.startswith("prices and taxes are in ../common")
    assert found.fix.endswith("or install them as packages.")


@pytest.mark.parametrize(
    ("path", "files"),
    [
        (PATHS[0], {"../shop/orders.py": None, "requirements.txt": "azure-functions\nshop\n"}),
        (PATHS[0], {"shop/orders.py": ""}),
        (PATHS[0], {"requirements.txt": "azure-functions\n-e ../shop\n"}),
        (PATHS[0], {"requirements.txt": "azure-functions\nacme-shop\n"}),
        (PATHS[0], {"../Dockerfile": "FROM x\nCOPY shop /home/site/wwwroot/shop\n"}),
        (PATHS[0], {"infra/main.bicep": "PYTHONPATH: '/a/src'\n"}),
        ("str(HERE.parent / 'src')", {"src/shop/orders.py": ""}),
        ("os.environ.get('SOURCES', '..')", {}),
    ],
)
def test_folders_that_are_added_for_a_reason(path: str, files: Files, plant: Plant) -> None:
    assert find_problems(plant({**above(path), **files}), "AF41") == []


@pytest.mark.parametrize(("copied", "expected"), [("common /home", []), ("app /home", ["AF419"])])
def test_a_folder_that_an_image_has(copied: str, expected: list[str], plant: Plant) -> None:
    files = above("str(HERE.parent.parent / 'common')", line="import prices")
    files |= {"../common/prices.py": "", "../Dockerfile": f"FROM x\nCOPY {copied}\n"}
    assert [found.code for found in find_problems(plant(files), "AF41")] == expected


@pytest.mark.parametrize(
    "line",
    [
        "import json",
        "try:\n    import shop.orders\nexcept ImportError:\n    shop = None",
        "if True:\n    import shop.orders",
    ],
)
def test_imports_that_need_no_folder(line: str, plant: Plant) -> None:
    assert find_problems(plant(above(PATHS[0], line=line)), "AF41") == []


@pytest.mark.parametrize(
    "line",
    [
        "import shop.orders\n\n\ndef later():\n    try:\n        from shop import orders\n    except ImportError:\n        pass\n",
        "import shop.orders\n\n\nasync def later():\n    if HERE:\n        import shop.orders\n",
    ],
)
def test_what_a_function_can_do_without_is_needed_at_the_top(line: str, plant: Plant) -> None:
    assert [one.code for one in find_problems(plant(above(PATHS[0], line=line)))] == ["AF419"]


SCRIPTS: Files = {
    "Makefile": "deploy:\n\tcp -r shop functions/\n",
    "makefile": "deploy:\n\trsync -a shop/ functions/shop\n",
    "justfile": "deploy:\n    cp -r shop functions/\n",
    "Jenkinsfile": "sh 'cp -r shop functions/'\n",
    "common.mk": "deploy:\n\tcp -r shop functions/\n",
    "deploy": "#!/bin/sh\ncp -r shop functions/\n",
    "deploy.bash": "cp -r shop functions/\n",
    "deploy.bat": "robocopy shop functions\\shop /e\n",
    "deploy.cmd": "copy shop\\*.py functions\\shop\n",
    "old.cmd": "rem \xe9\nrobocopy shop functions\\shop /e\n".encode("latin-1"),
    "deploy.ps1": "copy shop functions -Recurse\n",
    "pack.ps1": "Compress-Archive -Path shop, host.json -DestinationPath app.zip\n",
    "build.py": "import shutil\nshutil.copytree('shop', 'functions/shop')\n",
    "copy.py": "import shutil\nshutil.copyfile('shop/orders.py', 'functions/orders.py')\n",
    "tasks.py": "SHOP = 'shop'\nrun('cp -r ' + SHOP + ' functions')\n",
    "README.md": "To deploy:\n\n    cp -r shop functions/\n    func azure functionapp publish contoso\n",
    "azure.yaml": "services:\n  api:\n    hooks:\n      prepackage:\n        run: cp -r ../shop .\n",
    ".github/workflows/publish.yml": "jobs:\n  publish:\n    steps:\n      - run: cp -r shop functions/\n",
    "pipeline.yml": "steps:\n  - task: CopyFiles@2\n    inputs:\n      SourceFolder: shop\n",
}


def in_repository(plant: Plant, files: Files) -> Path:
    """Return an app in a folder of a repository that has these files, and a module, above it."""
    root = plant({**above(PATHS[0]), **{f"../{path}": text for path, text in files.items()}})
    (root.parent / ".git").mkdir(exist_ok=True)
    return root


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_folder_that_a_script_copies(path: str, plant: Plant) -> None:
    assert find_problems(in_repository(plant, {path: SCRIPTS[path]}), "AF41") == []


IMAGES = {
    "Dockerfile": "FROM mcr.microsoft.com/azure-functions/python:4-python3.12\nCOPY shop /home/site/wwwroot/shop\n",
    "Dockerfile.functions": "FROM contoso/base\nCOPY app shop /home/site/wwwroot/\n",
    "docker/api.Dockerfile": 'FROM contoso/base\nADD ["shop", "/home/site/wwwroot/shop"]\n',
    "deploy/functions.dockerfile": "FROM contoso/base\nCOPY --chown=app libs/shop /home/site/wwwroot/shop/\n",
    "docker/Dockerfile": "FROM mcr.microsoft.com/azure-functions/python:4-python3.12\nRUN pip install -e .\n",
}


@pytest.mark.parametrize("path", IMAGES)
def test_a_folder_that_an_image_of_the_repository_copies(path: str, plant: Plant) -> None:
    root = in_repository(plant, {path: IMAGES[path]})
    assert find_problems(root, "AF41") == []
    source = HEALTHY["blueprints/hello.py"]
    (root / "blueprints" / "hello.py").write_text(f"import shop.orders\n{source}")
    assert find_problems(root, "AF41") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("backend/Dockerfile", "FROM python:3.12\nCOPY shop /app/shop\n"),
        ("docker/api.Dockerfile", "FROM contoso/base\nCOPY app /home/site/wwwroot\n"),
        ("docker/api.Dockerfile", "FROM contoso/base\n# shop is in /home/site/wwwroot\n"),
    ],
)
def test_a_folder_that_no_image_of_the_app_copies(path: str, text: str, plant: Plant) -> None:
    found = find_problems(in_repository(plant, {path: text}), "AF41")
    assert [one.code for one in found] == ["AF419"]


@pytest.mark.parametrize(
    "script",
    ['cp -r "$1" functions/\n', 'for name in "$@"; do\n  cp -r "$name" functions/\ndone\n'],
)
def test_a_folder_that_a_script_gets_as_an_argument(script: str, plant: Plant) -> None:
    files: Files = {"copy.sh": script, "publish.yml": "run: ./copy.sh shop\n"}
    assert find_problems(in_repository(plant, files), "AF41") == []


def test_a_script_is_read_beside_more_modules_than_that(plant: Plant) -> None:
    modules: Files = {f"a/m{number}.py": "" for number in range(MOST_FILES + 1)}
    root = in_repository(plant, {**modules, "scripts/deploy.sh": "cp -r shop functions/\n"})
    assert find_problems(root, "AF41") == []


def test_a_script_is_read_beside_more_data_than_that(plant: Plant) -> None:
    data: Files = {f"data/{number}.json": "{}" for number in range(MOST_FILES + 1)}
    root = in_repository(plant, {**data, "scripts/deploy.sh": "cp -r shop functions/\n"})
    assert find_problems(root, "AF41") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Makefile", "deploy:\n\tcp shop.py functions/\n"),
        ("docker/Dockerfile", "FROM x\nCOPY shop.py /home/site/wwwroot/\n"),
    ],
)
def test_a_module_that_is_copied_by_itself(path: str, text: str, plant: Plant) -> None:
    files: Files = {
        "../shop/orders.py": None,
        "../shop.py": "",
        "../.git/HEAD": "",
        f"../{path}": text,
    }
    added = above(PATHS[0], line="import shop")
    imported = {"blueprints/hello.py": f"import shop\n{HEALTHY['blueprints/hello.py']}"}
    for app in (added, imported):
        assert find_problems(plant({**app, **files}), "AF41") == []


@pytest.mark.parametrize(
    "files",
    [
        {"Makefile": "site:\n\tcp index.html dist/\n", "pages.yml": "name: shop\n"},
        {"README.md": "- `shop`: the orders\n- `dist`: made with cp\n"},
        {"README.md": "Copy shop beside the app.\n"},
        {
            "names.py": "import shutil\nfor name, shop in zip(a, b):\n    shutil.copytree(name, shop)\n"
        },
        {"names.py": "NAME = 'shop.zip'\n"},
        {"pages.sh": 'cp "$DIST" out\n', "pages.yml": "name: shop\n"},
        {"deploy.sh": "func azure functionapp publish shop\n"},
        {"Makefile": "test:\n\tpytest shop\n"},
    ],
)
def test_a_folder_that_nothing_copies(files: Files, plant: Plant) -> None:
    found = find_problems(in_repository(plant, files), "AF41")
    assert [one.code for one in found] == ["AF419"]
