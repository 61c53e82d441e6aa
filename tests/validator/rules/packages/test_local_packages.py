"""Packages of the repository that are outside of the app's folder."""

import pytest

from tests.support.validator import Files, Plant, find_problems

OUTSIDE = "azure-functions\n-e ../pricing\n"


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("-e ../pricing", "../pricing"),
        ("--editable=../../libs/pricing[fast]", "../../libs/pricing"),
        ("../dist/pricing-1.0-py3-none-any.whl ; python_version > '3'", None),
        ("pricing @ file:../pricing", "../pricing"),
        ("-r ../base.txt", "../base.txt"),
        ("--requirement=../base.txt  # all apps", "../base.txt"),
        ("-c ../constraints.txt", "../constraints.txt"),
    ],
)
def test_a_path_above_the_app_is_not_published(line: str, path: str | None, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF426")
    assert found.line == 2
    expected = path or "../dist/pricing-1.0-py3-none-any.whl"
    assert found.message == f"{expected} is outside of the app's folder, so Azure does not get it."


def test_another_file_is_found_from_the_one_that_names_it(plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "azure-functions\n-r requirements/base.txt\n",
        "requirements/base.txt": "requests\n-r ../more.txt\n-r ../../other.txt\n",
        "more.txt": "flask\n",
    }
    [found] = find_problems(plant(files), "AF4")
    assert (found.code, found.path, found.line) == ("AF426", "requirements/base.txt", 3)
    assert found.message.startswith("../other.txt is outside")
    assert found.fix.startswith("Write its lines here")


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "azure-functions\n./wheels/a-1.whl  # -e ../pricing\n"},
        {"requirements.txt": "azure-functions\n./pricing\n# -e ../pricing\n"},
        {
            "requirements.txt": OUTSIDE,
            "../.github/workflows/ci.yml": "- run: cd app && pip wheel -w wheels ../pricing\n",
        },
        {
            "requirements.txt": OUTSIDE,
            "deploy.sh": "# requirements.txt\nfunc azure functionapp publish x --build local\n",
        },
        {
            "requirements.txt": OUTSIDE,
            "tools/libraries.py": "# Builds wheels of the lines in requirements.txt\n",
        },
        {
            "requirements.txt": OUTSIDE,
            "../.git/HEAD": "",
            "../Makefile": "deploy:\n\tpip wheel -r app/requirements.txt -w app/wheels\n",
        },
        {
            "requirements.txt": OUTSIDE,
            "../.git/HEAD": "",
            "../justfile": "deploy:\n    pip install -r requirements.txt --target x\n",
        },
        {"requirements.txt": OUTSIDE, "README.md": "Run pip wheel -r requirements.txt first.\n"},
        {
            "requirements.txt": OUTSIDE,
            "../.git/HEAD": "",
            "../deploy.cmd": "pip wheel -r app\\requirements.txt\n",
        },
        {"requirements.txt": OUTSIDE, "Dockerfile": "FROM x\nCOPY pricing /pricing\n"},
        {
            "requirements.txt": "azure-functions\n-r ../base.txt\n",
            "../.github/workflows/ci.yml": "- run: pip install -r app/requirements.txt --target x\n",
        },
    ],
)
def test_a_path_that_something_builds(files: Files, plant: Plant) -> None:
    assert find_problems(plant(files), "AF426") == []


@pytest.mark.parametrize(
    "files",
    [
        {"../.github/workflows/other.yml": "- run: cd other && pip wheel ../pricing\n"},
        {"Dockerfile": "FROM x\nCOPY . /home/site/wwwroot\n"},
        {"README.md": "Install requirements.txt.\n"},
        {"../.git/HEAD": "", "../Makefile": "test:\n\tpip install -r requirements.txt\n"},
    ],
)
def test_a_path_that_nothing_builds(files: Files, plant: Plant) -> None:
    assert len(find_problems(plant({"requirements.txt": OUTSIDE, **files}), "AF426")) == 1


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("./wheels/shop-1.0-py3-none-any.whl", "wheels/shop-1.0-py3-none-any.whl"),
        ("wheels/shop-1.0-py3-none-any.whl --hash=sha256:0", "wheels/shop-1.0-py3-none-any.whl"),
        ("-e ./libs/shop[fast]  # prices", "libs/shop"),
        ("--editable=./libs/shop", "libs/shop"),
    ],
)
def test_a_path_in_the_app_that_is_not_there(line: str, path: str, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF403")
    assert (found.path, found.line) == ("requirements.txt", 2)
    assert found.message == f"{path} does not exist, so pip stops at this line."


@pytest.mark.parametrize(
    "files",
    [
        {"libs/shop/pyproject.toml": ""},
        {"Dockerfile": "FROM x\nCOPY ../libs /libs\n"},
        {".git/HEAD": "", ".gitignore": "libs/\n"},
        {".git/HEAD": "", ".gitmodules": "path = libs/shop\n"},
        {"publish.sh": "cp -r ../shop libs/\n"},
        {"publish.yml": "run: pip wheel ../shop\n"},
        {"publish.yml": "- uses: actions/download-artifact@v4\n"},
        {"publish.sh": "git clone https://example.com/a b\n"},
        {"README.md": "First run `cp -r ../shop libs`.\n"},
        {"requirements.txt": "azure-functions\n./libs/shop; sys_platform == 'win32'\n"},
        {"requirements.txt": "azure-functions\n./libs/${NAME}\n"},
    ],
)
def test_a_path_in_the_app_that_is_there_later(files: Files, plant: Plant) -> None:
    app = {"requirements.txt": "azure-functions\n./libs/shop\n", **files}
    assert find_problems(plant(app), "AF403") == []
