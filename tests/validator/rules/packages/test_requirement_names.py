"""The names of requirements."""

import pytest

from tests.support.validator import HEALTHY, Files, Plant, find_problems


@pytest.mark.parametrize(
    ("line", "similar"),
    [
        ("azure-function", "azure-functions"),
        ("azure_functons>=1.20", "azure-functions"),
        ("requets", "requests"),
    ],
)
def test_a_misspelled_requirement(line: str, similar: str, plant: Plant) -> None:
    own = "" if similar == "azure-functions" else "azure-functions\n"
    source = f"import requests\n{HEALTHY['blueprints/hello.py']}"
    more = "requests\n" if own == "" else ""
    files: Files = {"blueprints/hello.py": source, "requirements.txt": f"{own}{more}{line}\n"}
    [found] = find_problems(plant(files), "AF4")
    assert (found.code, found.path) == ("AF418", "requirements.txt")
    assert found.fix == f"Write {similar} instead."


@pytest.mark.parametrize(
    "requirements",
    [
        "azure-functions\nazure-function",
        "azure-functions\nrequests\nrequest",
        "azure-functions\nrequests-oauth",
        "azure-functions\nrequests\nazure-functions-extras",
    ],
)
def test_requirements_with_similar_names(requirements: str, plant: Plant) -> None:
    source = f"import requests\n{HEALTHY['blueprints/hello.py']}"
    files: Files = {"blueprints/hello.py": source, "requirements.txt": f"{requirements}\n"}
    assert find_problems(plant(files), "AF418") == []


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("sklearn", "scikit-learn"),
        ("PIL==10.0", "pillow"),
        ("azure", "such as azure-storage-blob"),
        ("azure>=4", "such as azure-storage-blob"),
        ("azure-mgmt==5.0.0", "such as azure-mgmt-resource"),
        ("azure-storage", "such as azure-storage-blob"),
    ],
)
def test_requirements_that_pip_cannot_install(line: str, instead: str, plant: Plant) -> None:
    lines = f"azure-functions\n{line}\n"
    [found] = find_problems(plant({"requirements.txt": lines}), "AF4")
    assert (found.code, found.line) == ("AF418", 2)
    assert f"{instead} instead." in found.fix


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("os", "Delete the line: os is part of Python."),
        ("json==2.0.9", "Delete the line: json is part of Python."),
        ("sqlite3", "Delete the line: sqlite3 is part of Python."),
        ("distutils", "Write setuptools instead."),
        (
            "python==3.12.4",
            "Delete the line: Azure has Python, whose version the infrastructure or the image chooses.",
        ),
        (
            "pkg-resources==0.0.0",
            "Delete the line, or write setuptools if the app imports pkg_resources.",
        ),
    ],
)
def test_parts_of_python_and_setuptools(line: str, fix: str, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": f"azure-functions\n{line}\n"}), "AF4")
    assert (found.code, found.line, found.fix) == ("AF418", 2, fix)


@pytest.mark.parametrize("line", ["datetime", "argparse==1.4.0", "os; python_version < '3'", "cgi"])
def test_names_of_modules_that_pip_can_install_or_that_are_no_longer_in_python(
    line: str, plant: Plant
) -> None:
    root = plant({"requirements.txt": f"azure-functions\n{line}\n"})
    assert find_problems(root, "AF418") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "--extra-index-url https://example.com/simple\n"),
        ("requirements.txt", "-i https://example.com/simple\n"),
        ("requirements.txt", "--find-links ./wheels\n"),
        ("requirements.txt", "-r base.txt\n"),
        (
            "Dockerfile",
            "FROM example.com/image\nRUN pip install -i x --extra-index-url x sklearn\n",
        ),
        ("pip.conf", "[global]\nfind-links = https://example.com/wheels\n"),
        ("pip.conf", "[global]\nextra-index-url = https://example.com/simple\n"),
        ("infra/main.bicep", "var settings = { PIP_EXTRA_INDEX_URL: 'https://example.com' }\n"),
    ],
)
def test_another_index_may_have_such_a_name(path: str, text: str, plant: Plant) -> None:
    own = "azure-functions\nsklearn\n"
    files: Files = {
        "base.txt": "--index-url https://example.com\nPIL\n",
        path: text,
        "requirements.txt": own + (text if path == "requirements.txt" else ""),
    }
    assert find_problems(plant(files), "AF418") == []
    without: Files = {path: "example", "requirements.txt": own}
    assert len(find_problems(plant(without), "AF418")) == 1


@pytest.mark.parametrize("line", ["azure==4.0.0", "azure<5", "scikit-learn", "bs4", "azure-core"])
def test_requirements_that_pip_can_install(line: str, plant: Plant) -> None:
    files: Files = {"requirements.txt": f"azure-functions\n{line}\n"}
    assert find_problems(plant(files), "AF418") == []
