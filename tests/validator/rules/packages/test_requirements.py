"""What the app asks pip for, as rules/requirements.py checks it."""

import os
from pathlib import Path

import pytest

from functions_validator.files import letter_case
from functions_validator.files.text_files import read_text
from functions_validator.packages.requirements import read_requirements
from functions_validator.project import project
from tests.support.validator import Files, Find, Plant, find_problems

LOCAL_PATHS = "azure-functions\nnumpy @ file:///home/me/numpy\npandas @ file:///home/me/pandas\n"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("git+https://example.com/me/flask-cors.git@main", "flask-cors"),
        ("git+ssh://git@example.com/me/orders", "orders"),
        ("git+https://example.com/me/tools#egg=prices", "prices"),
        ("https://example.com/me/orders-1.2-py3-none-any.whl", "orders"),
    ],
)
def test_an_address_names_its_distribution(line: str, name: str) -> None:
    [found] = read_requirements({"requirements.txt": line}.get, None).all
    assert (found.name, found.url) == (name, line)


@pytest.mark.parametrize(
    ("files", "code", "line"),
    [
        ({"requirements.txt": "requests\n"}, "AF401", 1),
        ({"requirements.txt": "# to come\n"}, "AF401", 1),
        ({"requirements.txt": "azure-functions\nazure-functions-worker==1.1.9\n"}, "AF402", 2),
        ({"requirements.txt": "azure-functions\n-r more.txt\n"}, "AF403", 2),
        ({"requirements.txt": "azure-functions\n-r 'more.txt'\n"}, "AF403", 2),
        ({"requirements.txt": "azure-functions\nno requirement\n"}, "AF404", 2),
        ({"requirements.txt": "azure-functions\ndependencies:\n"}, "AF404", 2),
        ({"requirements.txt": "azure-functions\nname: shop\n"}, "AF404", 2),
        ({"requirements.txt": "azure-functions\nrequests:2.32\n"}, "AF404", 2),
        ({"requirements.txt": "azure-functions\nrequests:\\\n2.32\n"}, "AF404", 2),
        ({"requirements.txt": "azure-functions\nrequests --upgrade\n"}, "AF404", 2),
        ({"requirements.txt": "azure-functions\n--user\n"}, "AF404", 2),
        ({"requirements.txt": LOCAL_PATHS}, "AF405", 2),
    ],
)
def test_requirements_that_break_the_app_in_azure(
    files: Files, code: str, line: int, plant: Plant
) -> None:
    [found] = find_problems(plant(files), code)
    assert (found.path, found.line) == ("requirements.txt", line)


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": None, "Pipfile": ""},
        {"requirements.txt": "azure-functions[extra] >=1.25 ; python_version < '4' # why\n"},
        {"requirements.txt": "-r base.txt\n", "base.txt": "azure_functions==1.25 \\\n --hash=x\n"},
        {"requirements.txt": "azure-functions-durable<2\n"},
        {"requirements.txt": "some-framework\n"},
        {"requirements.txt": "flask[some-extra]\n"},
        {"requirements.txt": "-e .\n--index-url https://example.com/simple\n./wheels/a-1.whl\n"},
        {"requirements.txt": "azure-functions\ngit+ssh://git@example.com/ours.git\n"},
        {"requirements.txt": "azure-functions\nfile:wheels/ours-1-py3-none-any.whl\n"},
        {"requirements.txt": "azure-functions\nours @ git+https://example.com/ours.git\n"},
        {"requirements.txt": '-r "the base.txt"\n', "the base.txt": "azure-functions\n"},
        {"requirements.txt": "azure-functions\n-r ${FOLDER}/more.txt\n"},
        {"requirements.txt": "azure-functions\n".encode("utf-16")},
    ],
)
def test_requirements_that_azure_can_install(files: Files, plant: Plant) -> None:
    assert find_problems(plant(files), "AF40") == []


@pytest.mark.parametrize("name", ["Requirements.txt", "requirements.TXT"])
def test_a_requirements_file_of_another_letter_case_is_named(name: str, plant: Plant) -> None:
    app = plant({"requirements.txt": None, name: "azure-functions\n"})
    [found] = find_problems(app, "AF4")
    assert (found.code, found.path) == ("AF408", name)
    assert found.message == f"The app has {name}, but Azure only finds requirements.txt."


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"requirements.txt": None, "Requirements.txt": "azure-functions\n"}, "AF408"),
        ({"requirements.txt": "x\n-r lib/More.txt\n", "Lib/more.txt": "y\n"}, "AF403"),
        ({"requirements.txt": "x\n-c More.txt\n", "more.txt": "y\n"}, "AF406"),
    ],
)
def test_it_is_named_where_the_system_finds_it_all_the_same(
    files: Files, code: str, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows and macOS do."""
    app = plant(files)
    real = {str(path).lower(): path for path in app.rglob("*")}

    def on_disk(path: str | Path) -> str | Path:
        return real.get(str(path).lower(), path)

    is_file, exists = os.path.isfile, Path.exists
    monkeypatch.setattr(letter_case, "IGNORES_CASE", True)
    monkeypatch.setattr(os.path, "isfile", lambda path: is_file(on_disk(path)))
    monkeypatch.setattr(Path, "exists", lambda path: exists(Path(on_disk(path))))
    monkeypatch.setattr(project, "read_text", lambda path, errors: read_text(on_disk(path), errors))
    assert [found.code for found in find_problems(app, "AF40")] == [code]


def test_a_requirements_file_that_an_image_installs_can_have_any_letter_case(plant: Plant) -> None:
    dockerfile = "FROM python:3.13\nCOPY . /\nRUN pip install -r /Requirements.txt\n"
    files = {"requirements.txt": None, "Requirements.txt": "azure-functions\n"}
    assert find_problems(plant({**files, "Dockerfile": dockerfile}), "AF40") == []


@pytest.mark.parametrize(
    ("line", "code"), [("-r lib/More.txt", "AF403"), ("-c ./More.txt", "AF406")]
)
def test_a_file_of_another_letter_case_that_a_line_means_is_named(
    line: str, code: str, plant: Plant
) -> None:
    path = line.split()[1].lower().removeprefix("./")
    [found] = find_problems(plant({"requirements.txt": f"x\n{line}\n", path: "y\n"}), code)
    assert found.fix == f"Write the name as in {path}: letter case matters in Azure."


@pytest.mark.parametrize(
    ("lines", "packages"),
    [
        ("numpy @ file:///home/me/numpy\n", "numpy is"),
        (
            "numpy @ file:///home/me/numpy\npandas @ file:///home/me/pandas\n",
            "numpy and 1 more are",
        ),
    ],
)
def test_local_paths_are_counted(lines: str, packages: str, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": f"azure-functions\n{lines}"}), "AF405")
    assert found.message.startswith(packages)


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"requirements.txt": "azure-functions\n-c limits.txt\n"}, "requirements.txt:2"),
        (
            {"requirements.txt": "-r lib/base.txt\n", "lib/base.txt": "x\n--constraint ../c.txt\n"},
            "lib/base.txt:2",
        ),
    ],
)
def test_constraints_that_do_not_exist(files: Files, place: str, plant: Plant) -> None:
    [found] = find_problems(plant(files), "AF406")
    assert f"{found.path}:{found.line}" == place


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "azure-functions\n-c limits.txt # why\n", "limits.txt": ""},
        {"requirements.txt": "azure-functions\n-c 'limits.txt'\n", "limits.txt": ""},
        {"requirements.txt": "azure-functions\n-c https://example.com/limits.txt\n"},
        {"requirements.txt": "azure-functions\n-c ${LIMITS}\n"},
        {"requirements.txt": "azure-functions\n# -c limits.txt\n"},
        {"requirements.txt": None},
    ],
)
def test_constraints_that_exist(files: Files, plant: Plant) -> None:
    assert find_problems(plant(files), "AF406") == []


def test_a_pyproject_that_is_not_toml(plant: Plant) -> None:
    [found] = find_problems(
        plant({"pyproject.toml": '[project]\nname = "a"\nversion = 1.2.3\n'}), "AF407"
    )
    assert (found.path, found.line) == ("pyproject.toml", 3)


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "a"\n',
        "",
        "a = 1\n<<<<<<< before\n",
        'name = "{{ cookiecutter.name }}"\nx = {{ y }}\n',
    ],
)
def test_a_pyproject_that_is_left_alone(text: str, plant: Plant) -> None:
    assert find_problems(plant({"pyproject.toml": text}), "AF407") == []


# The folders of pytest have the names of tests. One with "requirements" in it, above the app, would
# be taken for the app's.
@pytest.mark.parametrize(
    "files",
    [
        {},
        {"requirements-dev.txt": "-r requirements.txt\n"},
        {"Dockerfile": "FROM x\nCOPY requirements.txt /\nRUN pip install -r /requirements.txt\n"},
        {"pyproject.toml": "# No dependencies here.\n[tool.ruff]\nline-length = 100\n"},
    ],
)
def test_nothing_lists_the_packages(files: Files, plant: Plant, find: Find) -> None:
    [found] = find(plant({"requirements.txt": None, ".git/HEAD": "", **files}), "AF408")
    assert found.path == "function_app.py"


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": ""},
        {"pyproject.toml": '[project]\ndependencies = ["azure-functions"]\n'},
        {"Dockerfile": "FROM ours\nRUN pip install pandas\n"},
        {"requirements.in": "azure-functions\n"},
        {"requirements/base.txt": "azure-functions\n"},
        {"../requirements.txt": "azure-functions\n", "../.git/HEAD": ""},
        {"uv.lock": ""},
    ],
)
def test_another_file_lists_the_packages(files: Files, plant: Plant) -> None:
    assert (
        find_problems(plant({"requirements.txt": None, ".git/HEAD": None, **files}), "AF408") == []
    )


def test_a_folder_that_is_not_an_app_needs_no_packages(plant: Plant) -> None:
    app = plant({"requirements.txt": None, "host.json": None, ".git/HEAD": ""})
    assert find_problems(app, "AF408") == []


UV: Files = {
    "requirements.txt": None,
    "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["azure-functions"]\n',
    "uv.lock": "version = 1\n",
}
POETRY: Files = {
    "requirements.txt": None,
    "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\nazure-functions = "*"\n',
    "poetry.lock": "",
}
PUBLISH = "func azure functionapp publish shop"


@pytest.mark.parametrize(("files", "tool"), [(UV, "uv export"), (POETRY, "poetry export")])
@pytest.mark.parametrize(
    "path", [".github/workflows/deploy.yml", "azure-pipelines.yml", "deploy.sh", "README.md"]
)
def test_core_tools_publish_nothing_without_requirements(
    path: str, files: Files, tool: str, plant: Plant
) -> None:
    [found] = find_problems(plant({**files, path: f"steps:\n  - run: {PUBLISH}\n"}), "AF4")
    assert (found.code, found.path, found.line) == ("AF408", path, 2)
    assert tool in found.fix


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# " + PUBLISH,
        "uv export --output-file requirements.txt\n" + PUBLISH,
        "make requirements\n" + PUBLISH,
        "python -m tools.requirements\n" + PUBLISH,
        "azd deploy",
    ],
)
def test_requirements_may_be_written_first(text: str, plant: Plant) -> None:
    assert find_problems(plant({**UV, "deploy.sh": text}), "AF408") == []
    assert find_problems(plant({"deploy.sh": PUBLISH, "uv.lock": ""}), "AF408") == []


def test_a_step_with_core_tools_that_never_runs(plant: Plant) -> None:
    text = f"steps:\n  - run: {PUBLISH}\n    if: false\n"
    assert find_problems(plant({**UV, ".github/workflows/deploy.yml": text}), "AF408") == []


@pytest.mark.parametrize(
    "line",
    [
        "file:///home/ada/shop",
        "/home/ada/shop-1.0-py3-none-any.whl",
        "-e /home/ada/shop",
        "--editable=/home/ada/shop",
        "C:\\shop\\shop.whl",
        "c:/shop/shop.whl",
    ],
)
def test_a_line_that_is_a_path_on_one_machine(line: str, plant: Plant) -> None:
    app = plant({"requirements.txt": f"azure-functions\n{line}\n"})
    [found] = [one for one in find_problems(app) if one.path == "requirements.txt"]
    assert (found.code, found.line) == ("AF405", 2)


@pytest.mark.parametrize(
    ("line", "dockerfile"),
    [
        ("./wheels/shop-1.0-py3-none-any.whl", None),
        ("-e .", None),
        ("git+https://example.com/shop.git", None),
        ("/wheels/shop-1.0-py3-none-any.whl", "FROM x\nCOPY wheels /wheels\n"),
    ],
)
def test_a_line_that_pip_finds_in_azure(line: str, dockerfile: str | None, plant: Plant) -> None:
    files: Files = {"requirements.txt": f"azure-functions\n{line}\n", "Dockerfile": dockerfile}
    assert find_problems(plant(files), "AF405") == []
