"""Findings that an app accepts, by comments and in pyproject.toml; what accepts none is reported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from functions_validator.cli import main
from tests.support.validator import HEALTHY, Files, Plant

IMAGE = "FROM mcr.microsoft.com/azure-functions/python:4-python3.8\n"
MISSING = HEALTHY["blueprints/orders.py"].replace("OrdersStorage", "Missing")
LINE = MISSING.splitlines().index(
    '@bp.queue_trigger(arg_name="message", queue_name="orders", connection="Missing")'
)

Check = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Return the exit status, the codes that are found, and the notes."""

    def check(app: Path, *arguments: str) -> tuple[int, list[str], list[str]]:
        status = main([str(app), *(arguments or ("--no-index",))])
        printed = capsys.readouterr()
        assert printed.err == "" or status == 2
        lines = (printed.out + printed.err).splitlines()
        codes = [line.split()[1] for line in lines if line.startswith(f"{app}/")]
        return status, codes, [line[6:] for line in lines if line.startswith("note: ")]

    return check


def with_comment(comment: str) -> Files:
    """Return a module that needs a missing setting, with a comment on that line."""
    lines = MISSING.splitlines()
    lines[LINE] += f"  {comment}"
    return {"blueprints/orders.py": "\n".join(lines) + "\n"}


def configured(table: str) -> Files:
    """Return an app that needs a missing setting, with the validator's table in its pyproject.toml."""
    text = f"[tool.functions-validator]\n{table}\n"
    return {"blueprints/orders.py": MISSING, "pyproject.toml": text}


def test_without_either_it_is_found(plant: Plant, check: Check) -> None:
    assert check(plant({"blueprints/orders.py": MISSING})) == (1, ["AF301"], [])


@pytest.mark.parametrize(
    "comment",
    [
        "# validate: ignore AF301",
        "# validate:ignore AF301, AF310",
        "# noqa: AF301",
        "# noqa: E501, AF301",
        "# validate: ignore af301",
        "# It comes from elsewhere.  # validate: ignore AF301",
    ],
)
def test_a_comment_on_the_line(comment: str, plant: Plant, check: Check) -> None:
    status, codes, _ = check(plant(with_comment(comment)))
    assert (status, codes) == (0, [])


@pytest.mark.parametrize("comment", ["# validate: ignore", "# noqa", "# ignore AF301", "# AF301"])
def test_a_comment_that_names_no_code(comment: str, plant: Plant, check: Check) -> None:
    status, codes, notes = check(plant(with_comment(comment)))
    assert (status, codes) == (1, ["AF301"])
    noted = f"blueprints/orders.py:{LINE + 1}: this comment accepts nothing."
    assert [note.startswith(noted) for note in notes] == [True] * ("validate" in comment)


def test_a_form_feed_begins_no_line(plant: Plant, check: Check) -> None:
    source = f"\f{MISSING}".replace('"Missing")', '"Missing")  # validate: ignore AF301')
    assert check(plant({"blueprints/orders.py": source})) == (0, [], [])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"# validate: ignore AF422\n{IMAGE}", []),
        (f"# validate: ignore AF421, AF422\n{IMAGE}", []),
        (f"# validate: ignore AF421\n{IMAGE}", ["AF422"]),
        (f"RUN true  # validate: ignore AF422\n{IMAGE}", ["AF422"]),
        (f"# validate: ignore AF422\n\n{IMAGE}", ["AF422"]),
    ],
)
def test_a_comment_alone_is_for_the_next_line(
    text: str, codes: list[str], plant: Plant, check: Check
) -> None:
    assert check(plant({"Dockerfile": text}))[1] == codes


def test_a_comment_of_json(plant: Plant, check: Check) -> None:
    host = HEALTHY["host.json"].replace(
        "{\n", '{\n  // validate: ignore AF506\n  "logger": {},\n', 1
    )
    assert check(plant({"host.json": host})) == (0, [], [])


def test_a_comment_that_silences_nothing_is_reported(plant: Plant, check: Check) -> None:
    files = with_comment("# validate: ignore AF301, AF310")
    assert check(plant(files)) == (
        0,
        [],
        [
            f"blueprints/orders.py:{LINE + 1}: nothing here is reported as AF310. Delete the comment."
        ],
    )


def test_a_comment_is_not_unused_where_its_rule_did_not_run(plant: Plant, check: Check) -> None:
    app = plant({"blueprints/orders.py": "# validate: ignore AF115\n" + MISSING})
    assert check(app, "--no-index", "--select", "AF1")[2] == []
    assert check(app, "--no-index", "--select", "AF2")[2] == []


@pytest.mark.parametrize(
    ("table", "codes", "notes"),
    [
        ('ignore = ["AF301"]', [], []),
        ('ignore = ["AF3"]', [], []),
        ('select = ["AF1", "AF2"]', [], []),
        ('exclude = ["blueprints/"]', [], []),
        ('exclude = ["orders.py"]', [], []),
        ('ignore = ["af301 "]', [], []),
        ('exclude = ["*.py", "blueprints/"]', [], []),
        ('exclude = ["*.py", "!orders.py"]', ["AF301"], []),
        (
            'exclude = ["*.py", "!users.py"]',
            [],
            ['pyproject.toml: exclude = ["!users.py"] matches no finding. Remove it.'],
        ),
        (
            'ignore = ["AF302"]',
            ["AF301"],
            ['pyproject.toml: ignore = ["AF302"] matches no finding. Remove it.'],
        ),
        (
            'exclude = ["/orders.py"]',
            ["AF301"],
            ['pyproject.toml: exclude = ["/orders.py"] matches no finding. Remove it.'],
        ),
    ],
)
def test_the_table_of_pyproject(
    table: str, codes: list[str], notes: list[str], plant: Plant, check: Check
) -> None:
    assert check(plant(configured(table)))[1:] == (codes, notes)


def test_the_command_line_selects_in_place_of_the_table(plant: Plant, check: Check) -> None:
    app = plant(configured('select = ["AF1"]'))
    assert check(app, "--no-index", "--select", "AF3")[1] == ["AF301"]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('ignore = "AF301"', '"ignore" must be a list of strings.'),
        ("select = [1]", '"select" must be a list of strings.'),
        ('ingore = ["AF301"]', 'has no key "ingore": write select, ignore, exclude.'),
        ('ignore = ["E501"]', "No code begins with E501"),
        ('ignore = [""]', 'A code is empty. Write "AF" for all codes.'),
        ("select = []", '"select" is empty, so nothing is checked.'),
    ],
)
def test_a_wrong_table_is_refused(
    table: str, sentence: str, plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(plant(configured(table))), "--no-index"]) == 2
    assert sentence in capsys.readouterr().err


def test_a_table_of_another_name_is_refused(
    plant: Plant, capsys: pytest.CaptureFixture[str]
) -> None:
    app = plant({"pyproject.toml": '[tool.functions_validator]\nignore = ["AF5"]\n'})
    assert main([str(app), "--no-index"]) == 2
    assert "write [tool.functions-validator]." in capsys.readouterr().err
