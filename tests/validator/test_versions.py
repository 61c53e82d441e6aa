"""AF409, AF410, AF423 and AF416: versions that pip cannot install, and what they break."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.validator import Files, Found, Plant, judge

OWN = ("AF409", "AF410", "AF423", "AF416")
DOCKER = "FROM mcr.microsoft.com/azure-functions/python:4-python{}\nRUN pip install x\nCOPY . .\n"


def found_in(root: Path) -> list[Found]:
    return [found for code in OWN for found in judge(root, code)]


@pytest.fixture
def required(plant: Plant) -> Callable[[str], list[Found]]:
    """Return what is found in an app with these lines after `azure-functions`."""
    return lambda lines: found_in(plant({"requirements.txt": f"azure-functions\n{lines}"}))


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("requests=2.0\n", "AF409"),
        ("requests=>2\n", "AF409"),
        ("requests==\n", "AF409"),
        ("requests==latest\n", "AF409"),
        ("requests>=2 <3\n", "AF409"),
        ("requests>=2.*\n", "AF409"),
        ("requests~=2\n", "AF409"),
        ("requests,\n", "AF409"),
        ("requests==2 ; python_version < 3.9\n", "AF409"),
        ("requests ; python < '4'\n", "AF409"),
        ("uuid\n", "AF416"),
        ("uuid==1.30\n", "AF416"),
    ],
)
def test_lines(lines: str, code: str, required: Callable[[str], list[Found]]) -> None:
    [found] = required(lines)
    assert (found.code, found.path, found.line) == (code, "requirements.txt", 2)


@pytest.mark.parametrize(
    "lines",
    [
        "requests\n",
        "requests[socks] == 2.31.0 \\\n  --hash=sha256:abc\n",
        "requests (>=2.0,<3,)\n",
        "requests==2.*,!=2.5\n",
        "requests==1!2.0rc1.post2.dev3+local.1\n",
        "requests==v2.0-dev\n",
        "requests===2.0-custom\n",
        "requests>=${VERSION}\n",
        "requests @ https://example.com/requests-2.0.zip ; sys_platform in 'linux'\n",
        "requests;python_version>='3.9' and (extra == \"x\" or platform_machine != 'arm')\n",
        "uuid; python_version < '3'\n",
        "uuid-utils\n",
        "asyncio\n",
    ],
)
def test_lines_that_pip_takes(lines: str, required: Callable[[str], list[Found]]) -> None:
    assert required(lines) == []


def test_no_password_is_shown(required: Callable[[str], list[Found]]) -> None:
    [found] = required("ours==1.x @ https://me:secret@example.com\n")
    assert "secret" not in found.message + found.fix


@pytest.mark.parametrize(
    "lines",
    [
        "requests==2.31.0\nRequests==2.32.0\n",
        "requests>=2.32\nrequests==2.31.0\n",
        "requests==2.31.0\nrequests>2,<2.31\n",
        "requests==2.31.0\nrequests~=2.30.0\n",
        "requests==1.9\nrequests==2.*\n",
    ],
)
def test_two_versions(lines: str, required: Callable[[str], list[Found]]) -> None:
    [found] = required(lines)
    assert (found.code, found.line) == ("AF410", 3)
    assert "requirements.txt:2" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        "requests==2.31\nrequests==2.31.0\n",
        "requests\nrequests==2.31.0\nrequests[socks]>=2\n",
        "requests==2.31.0\nrequests~=2.30\n",
        "requests==2.31.0\nrequests!=3.*,>=1\n",
        "requests==1 ; python_version < '3.9'\nrequests==2 ; python_version >= '3.9'\n",
    ],
)
def test_versions_that_go_together(lines: str, required: Callable[[str], list[Found]]) -> None:
    assert required(lines) == []


@pytest.mark.parametrize(
    ("python", "requirement"),
    [
        ("3.11", "azure-functions==2.3.0"),
        ("3.12", "azure-functions>=2,<3"),
        ("3.12", "azure-functions~=2.1"),
        ("3.12", "azure-functions==2.*"),
        ("3.13", "azure-functions==1.26.0"),
        ("3.14", "azure-functions>=1.26,<2"),
    ],
)
def test_a_library_for_other_pythons(python: str, requirement: str, plant: Plant) -> None:
    files: Files = {"Dockerfile": DOCKER.format(python), "requirements.txt": f"{requirement}\n"}
    [found] = found_in(plant(files))
    assert (found.code, found.path, found.line) == ("AF423", "requirements.txt", 1)


@pytest.mark.parametrize(
    ("python", "requirement"),
    [
        ("3.11", "azure-functions==1.26.0"),
        ("3.11", "azure-functions<3"),
        ("3.12", "azure-functions>=1.20"),
        ("3.12", "azure-functions>=2; python_version >= '3.13'"),
        ("3.13", "azure-functions==1.21.3"),
        ("3.13", "azure-functions>=1.26"),
        ("3.13", "azure-functions>=1.26,!=2.0"),
        ("3.13", "azure-functions>=1.20,<2"),
        ("3.13", "azure-functions==2.3.0"),
        ("3.13", "azure-functions>=1.26,<3"),
    ],
)
def test_a_library_that_fits(python: str, requirement: str, plant: Plant) -> None:
    files: Files = {"Dockerfile": DOCKER.format(python), "requirements.txt": f"{requirement}\n"}
    assert found_in(plant(files)) == []


@pytest.mark.parametrize(
    "stated",
    [
        {".python-version": "3.12.3\n"},
        {"infra/main.bicep": "linuxFxVersion: 'Python|3.12'\n"},
    ],
)
def test_the_python_is_known_from_elsewhere(stated: Files, plant: Plant) -> None:
    files: Files = {"requirements.txt": "azure-functions==2.3.0\n", **stated}
    assert [found.code for found in found_in(plant(files))] == ["AF423"]


def test_two_pythons_are_none(plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "azure-functions==2.3.0\n",
        ".python-version": "3.12\n",
        "Dockerfile": DOCKER.format("3.13"),
    }
    assert found_in(plant(files)) == []
