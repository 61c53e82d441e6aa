"""Requirements that pip cannot install on Linux."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems


@pytest.mark.parametrize(
    ("line", "system"),
    [
        ("pywin32==306", "Windows"),
        ("PyWin32", "Windows"),
        ("windows_curses >= 2", "Windows"),
        ("pyobjc-core==10.3", "macOS"),
        ("pyobjc-framework-Cocoa==10.3", "macOS"),
    ],
)
def test_a_requirement_for_another_system(line: str, system: str, plant: Plant, find: Find) -> None:
    [found] = find(plant({"requirements.txt": f"azure-functions\n{line}\n"}))
    assert (found.code, found.path, found.line) == ("AF427", "requirements.txt", 2)
    assert f"is for {system} only" in found.message


@pytest.mark.parametrize(
    ("line", "system"),
    [
        ("./wheels/shop-1.0-cp313-cp313-win_amd64.whl", "Windows"),
        ("wheels/shop-1.0-py3-none-win32.whl", "Windows"),
        ("https://example.com/shop-1.0-cp313-cp313-macosx_11_0_arm64.whl", "macOS"),
        ("shop @ https://example.com/shop-1.0-cp313-cp313-win_arm64.whl", "Windows"),
    ],
)
def test_a_wheel_for_another_system(line: str, system: str, plant: Plant) -> None:
    files: Files = {"requirements.txt": f"azure-functions\n{line}\n"}
    [found] = find_problems(plant(files), "AF427")
    assert found.message == f"This wheel of shop is for {system}, so the build in Azure fails."


@pytest.mark.parametrize(
    "line",
    [
        "./wheels/shop-1.0-py3-none-any.whl",
        "./wheels/shop-1.0-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "./wheels/shop-1.0-cp313-cp313-win_amd64.whl ; sys_platform == 'win32'",
        'shop @ https://example.com/shop-1.0-py3-none-win32.whl ; sys_platform == "win32"',
        "./wheels/shop-win32-1.0.tar.gz",
        "shop @ file:///C:/wheels/shop-1.0-cp313-cp313-win_amd64.whl",
        "C:\\wheels\\shop-1.0-cp313-cp313-win_amd64.whl",
        'pywin32==306; sys_platform == "win32"',
        "pywin32 ; platform_system == 'Windows'",
        "pywin32-ctypes==0.2.3",
        "# pywin32==306",
        "colorama==0.4.6",
    ],
)
def test_requirements_that_linux_can_have(line: str, plant: Plant) -> None:
    assert find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF427") == []


def test_a_marker_in_a_table_of_poetry_counts(plant: Plant) -> None:
    table = "[tool.poetry.dependencies]\nazure-functions = '*'\n"
    table += "pywin32 = {version = '*', markers = \"sys_platform == 'win32'\"}\n"
    assert find_problems(plant({"requirements.txt": None, "pyproject.toml": table}), "AF427") == []


USING = "import azure.functions as func\nimport {}\n\napp = func.FunctionApp()\n"
ENGINE = USING.format("sqlalchemy") + "ENGINE = sqlalchemy.create_engine('postgresql://db')\n"


def database(lines: str, source: str) -> Files:
    """Return an app with some requirements, and the text of its entry point."""
    return {
        "requirements.txt": f"azure-functions\n{lines}\n",
        "function_app.py": source,
        "blueprints/hello.py": None,
        "blueprints/orders.py": None,
    }


@pytest.mark.parametrize(
    ("line", "source", "wanted"),
    [
        ("psycopg2==2.9.10", USING.format("psycopg2"), "psycopg2-binary"),
        ("psycopg2", ENGINE, "psycopg2-binary"),
        ("psycopg", ENGINE.replace("postgresql:", "postgresql+psycopg:"), "psycopg[binary]"),
        ("psycopg", USING.format("psycopg"), "psycopg[binary]"),
        ("psycopg[pool] >= 3.2", USING.format("psycopg.rows"), "psycopg[binary,pool]"),
        ("psycopg2\nlangchain", USING.format("psycopg2.extras"), "psycopg2-binary"),
    ],
)
def test_a_driver_without_its_library(line: str, source: str, wanted: str, plant: Plant) -> None:
    [found] = find_problems(plant(database(line, source)), "AF427")
    assert (found.path, found.line) == ("requirements.txt", 2)
    assert "needs the library libpq, which Azure does not have" in found.message
    assert found.fix == f"Require {wanted} instead."


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        ("psycopg2-binary", USING.format("psycopg2")),
        ("psycopg[binary]", USING.format("psycopg")),
        ("psycopg[binary,pool]", USING.format("psycopg")),
        ("psycopg[c]", USING.format("psycopg")),
        ("psycopg\npsycopg-binary", USING.format("psycopg")),
        ("psycopg\npsycopg-c", USING.format("psycopg")),
        ("psycopg2\npsycopg2-binary", USING.format("psycopg2")),
        ("psycopg\nlangchain-postgres", USING.format("psycopg")),
        ("psycopg2", USING.format("json")),
        ("psycopg2", USING.format("sqlalchemy")),
        ("psycopg2", ENGINE.replace("postgresql:", "postgresql+asyncpg:")),
        ("psycopg2", f"{ENGINE}URL = 'postgresql+asyncpg://db'\n"),
        ("psycopg2", USING.format("sqlalchemy.dialects.postgresql")),
        ("psycopg", ENGINE),
        ("./psycopg2-2.9.10-cp313-cp313-linux_x86_64.whl", USING.format("psycopg2")),
        ("psycopg2 ; sys_platform == 'win32'", USING.format("psycopg2")),
        ("psycopg2\n-e .", USING.format("psycopg2")),
        ("psycopg2", "try:\n    import psycopg2\nexcept ImportError:\n    pass\n"),
        ("asyncpg", USING.format("asyncpg")),
    ],
)
def test_drivers_that_have_their_library(lines: str, source: str, plant: Plant) -> None:
    assert find_problems(plant(database(lines, source)), "AF427") == []


IMAGE = "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\nRUN apt-get install libpq5\n"


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": IMAGE},
        {"docker/app.Dockerfile": IMAGE},
        {"../.git/HEAD": "", "../Dockerfile": IMAGE},
        {"start.sh": "apt-get install -y libpq5\n"},
        {"infra/main.tf": 'resource "azurerm_container_app" "shop" {\n}\n'},
        {"psycopg2/__init__.py": ""},
    ],
)
def test_what_may_have_the_library(files: Files, plant: Plant) -> None:
    driver = database("psycopg2", USING.format("psycopg2"))
    assert find_problems(plant({**driver, **files}), "AF427") == []
