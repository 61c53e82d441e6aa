"""Versions that pip cannot read or cannot install together."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.validator import Files, Found, Plant, find_problems

Required = Callable[[str], list[Found]]


@pytest.fixture
def required(plant: Plant) -> Required:
    """Return what is found in an app with these lines after `azure-functions`."""

    def found_in(app: Path) -> list[Found]:
        return find_problems(app, "AF409") + find_problems(app, "AF410")

    return lambda lines: found_in(plant({"requirements.txt": f"azure-functions\n{lines}"}))


@pytest.mark.parametrize(
    "line",
    [
        "requests=2.0",
        "requests=>2",
        "requests==",
        "requests==latest",
        "requests>=2 <3",
        "requests>=2.*",
        "requests~=2",
        "requests,",
        "requests==2 ; python_version < 3.9",
        "requests ; python < '4'",
    ],
)
def test_lines_that_pip_cannot_read(line: str, required: Required) -> None:
    [found] = required(f"{line}\n")
    assert (found.code, found.path, found.line) == ("AF409", "requirements.txt", 2)
    assert ("marker" in found.fix) is (";" in line)


@pytest.mark.parametrize(
    "lines",
    [
        "requests\n",
        "requests[socks] == 2.31.0 \\\n  --global-option=-q\n",
        "requests (>=2.0,<3,)\n",
        "requests==2.*,!=2.5\n",
        "requests==1!2.0rc1.post2.dev3+local.1\n",
        "requests==v2.0-dev\n",
        "requests===2.0-custom\n",
        "requests>=${VERSION}\n",
        "requests @ https://example.com/requests-2.0.zip ; sys_platform in 'linux'\n",
        "requests;python_version>='3.9' and (extra == \"x\" or platform_machine != 'arm')\n",
    ],
)
def test_lines_that_pip_can_read(lines: str, required: Required) -> None:
    assert required(lines) == []


@pytest.mark.parametrize(
    "line", ["requests@2.32.3", "requests @latest", "requests @ ./libs/requests"]
)
def test_what_is_not_an_address(line: str, required: Required) -> None:
    [found] = required(f"{line}\n")
    assert (found.code, found.line) == ("AF409", 2)
    assert found.fix.startswith("Write it like requests==1.2.3")


@pytest.mark.parametrize(
    "line",
    [
        "ours @ https://example.com/ours.zip",
        "ours @ git+https://example.com/ours@v1",
        "ours @ file:libs/ours",
        "ours @ ${ADDRESS}",
    ],
)
def test_what_is_an_address(line: str, required: Required) -> None:
    assert required(f"{line}\n") == []


def test_no_password_is_shown(required: Required) -> None:
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
        "requests>=2.32\nrequests<2.32\n",
        "requests<=2.31\nrequests>=2.32,!=3\n",
        "requests~=2.32\nrequests<2.30\n",
    ],
)
def test_versions_that_conflict(lines: str, required: Required) -> None:
    [found] = required(lines)
    assert (found.code, found.line) == ("AF410", 3)
    assert "requirements.txt:2" in found.message


@pytest.mark.parametrize(
    "lines",
    [
        "requests==2.31\nrequests==2.31.0\n",
        "requests\nrequests==2.31.0\nrequests[socks]>=2\n",
        "requests==2.31.0\nrequests~=2.30\n",
        "requests>=2.32\nrequests<3\n",
        "requests>=2.32\nrequests<=2.32\n",
        "requests<3\nrequests<2\n",
        "requests==2.31.0\nrequests!=3.*,>=1\n",
        "requests==1 ; python_version < '3.9'\nrequests==2 ; python_version >= '3.9'\n",
    ],
)
def test_versions_that_do_not_conflict(lines: str, required: Required) -> None:
    assert required(lines) == []


@pytest.mark.parametrize(
    ("constraint", "line"),
    [
        ("requests<2.32", "requests>=2.32"),
        ("requests==2.31.0  # the last one that works", "requests==2.32.0"),
    ],
)
def test_a_constraint_that_conflicts(constraint: str, line: str, plant: Plant) -> None:
    files: Files = {
        "requirements.txt": f"-c constraints.txt\nazure-functions\n{line}\n",
        "constraints.txt": f"werkzeug==3.1.3\n{constraint}\n",
    }
    [found] = find_problems(plant(files), "AF4")
    assert (found.code, found.path, found.line) == ("AF410", "requirements.txt", 3)
    assert found.message.endswith("conflicts with the one in constraints.txt:2.")


@pytest.mark.parametrize(
    "constraint",
    ["requests<3", "requests", "requests<2; python_version < '3.9'", "-r x", "flask<2"],
)
def test_a_constraint_that_does_not_conflict(constraint: str, plant: Plant) -> None:
    files: Files = {
        "requirements.txt": "-c constraints.txt\nazure-functions\nrequests>=2.32\n",
        "constraints.txt": f"{constraint}\n",
    }
    assert find_problems(plant(files), "AF410") == []


HASH = f"--hash=sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (f"requests==2.32.3 {HASH}\nflask==3.1.0\n", 2),
        (f"flask==3.1.0 \\\n  {HASH}\nrequests\n", 3),
        (f"-e .\nrequests==2.32.3 {HASH}\n", 1),
        (f"./libs/shop\nrequests==2.32.3 {HASH}\n", 1),
        (f"requests==2.32.3 {HASH}\n-r more.txt\n", 1),
    ],
)
def test_a_line_without_the_hash_that_others_have(lines: str, line: int, plant: Plant) -> None:
    files: Files = {
        "requirements.txt": lines,
        "more.txt": "flask==3.1.0\n",
        "libs/shop/setup.py": "",
    }
    [found] = find_problems(plant(files), "AF410")
    path = "more.txt" if "-r" in lines else "requirements.txt"
    assert (found.path, found.line) == (path, line)
    assert found.message.startswith("This line has no hash")


@pytest.mark.parametrize(
    ("lines", "files"),
    [
        (f"-i https://pypi.org/simple\nrequests==2.32.3 {HASH}\n", {}),
        (f"requests==2.32.3 {HASH}\ncolorama==0.4.6; sys_platform == 'win32'\n", {}),
        ("requests==2.32.3\nshop @ https://example.com/a-1-py3-none-any.whl#sha256=00\n", {}),
        (f"requests==2.32.3 {HASH}\nhttps://example.com/a-1-py3-none-any.whl#sha256=00\n", {}),
        (f"-e .\nrequests==2.32.3 {HASH}\n", {"Dockerfile": "FROM x\nRUN uv pip install -r a\n"}),
        (f"-e .\nrequests==2.32.3 {HASH}\n", {"Makefile": "a:\n\tuv -q pip install -r a\n"}),
        *(
            (f"-e .\nrequests==2.32.3 {HASH}\n", {"publish.sh": command})
            for command in (
                "poetry export \\\n  -o requirements.txt\n",
                "pipenv requirements > requirements.txt\n",
                "cp requirements.azure requirements.txt\n",
                "python remove_hashes.py requirements.txt\n",
            )
        ),
        (
            f"-e .\nrequests==2.32.3 {HASH}\n",
            {"publish.yml": "run: uv export --no-hashes -o requirements.txt\n"},
        ),
    ],
)
def test_lines_that_need_no_hash(lines: str, files: Files, plant: Plant) -> None:
    assert find_problems(plant({"requirements.txt": lines, **files}), "AF410") == []
