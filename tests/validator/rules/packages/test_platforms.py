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
