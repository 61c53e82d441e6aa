"""Modules that are only found because the app changes sys.path."""

import pytest

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
