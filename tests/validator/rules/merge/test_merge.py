"""What a merge left behind."""

import pytest

from tests.support.samples import CONFLICT
from tests.support.validator import Plant, find_problems

CONFLICT_WITH_BASE = "<<<<<<< ours\na = 1\n||||||| base\na = 0\n=======\na = 2\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "blueprints/hello.py",
        "requirements.txt",
        "infra/main.tf",
        "uv.lock",
        "Dockerfile",
    ],
)
def test_a_conflict_between_markers(path: str, plant: Plant) -> None:
    [found] = find_problems(plant({path: f"first\n{CONFLICT}"}), "AF6")
    assert (found.code, found.path, found.line) == ("AF601", path, 2)
    assert found.message == "A conflict is not resolved."


@pytest.mark.parametrize(
    "text",
    [
        CONFLICT_WITH_BASE,
        CONFLICT.replace("\n", "\r\n"),
        CONFLICT.replace("a = 1\n", "").replace("a = 2\n", ""),
    ],
)
def test_a_conflict_of_another_form(text: str, plant: Plant) -> None:
    [found] = find_problems(plant({"notes.md": text}), "AF601")
    assert (found.path, found.line) == ("notes.md", 1)


def test_a_conflict_in_the_requirements_is_reported_once(plant: Plant) -> None:
    text = f"azure-functions\n{CONFLICT.replace('a = ', 'rich>=')}"
    found = find_problems(plant({"requirements.txt": text}))
    assert [one.code for one in found] == ["AF601"]


def test_a_file_with_two_conflicts_is_reported_once(plant: Plant) -> None:
    [found] = find_problems(plant({"notes.md": f"{CONFLICT}\n{CONFLICT}"}), "AF601")
    assert found.line == 1


@pytest.mark.parametrize("path", ["README.md.rej", "blueprints/hello.py.rej"])
def test_changes_that_could_not_be_applied(path: str, plant: Plant) -> None:
    [found] = find_problems(plant({path: "@@ -1 +1 @@\n-a\n+b\n"}), "AF601")
    assert (found.path, found.line) == (path, 1)
    assert path in found.message


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "A title\n=======\n"),
        ("notes.md", "<<<<<<< is how a conflict begins\n"),
        ("notes.md", "> " + CONFLICT.replace("\n", "\n> ")),
        ("notes.md", "<<<<<<< before\n>>>>>>> after\n"),
        ("notes.data", CONFLICT),
        ("notes.txt", CONFLICT + "x" * 1_000_000),
        (".venv/lib/notes.py", CONFLICT),
        ("node_modules/notes.md", CONFLICT),
    ],
)
def test_what_is_not_a_conflict_of_the_app(path: str, text: str, plant: Plant) -> None:
    assert find_problems(plant({path: text}), "AF601") == []
