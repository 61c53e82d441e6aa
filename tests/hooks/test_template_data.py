"""What `make data` writes is up to date, and follows the files that it is made from."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hooks import compiled_data
from hooks.catalogue import CatalogueError
from hooks.compiled_data import DATA, as_jinja
from hooks.template_data import PYTHONS, pythons_of_the_validator, template_data
from tests.support.catalogue import KINDS
from tests.support.template import edit
from tests.support.text_files import read


def test_the_template_and_the_validator_have_the_newest_data() -> None:
    assert read(DATA) == as_jinja(template_data()), "Run `make data`."
    assert compiled_data.read() == json.loads(template_data())
    assert read(PYTHONS) == pythons_of_the_validator(), "Run `make data`."


@pytest.fixture
def changed(template: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return the data of the template with a change of one of its files."""

    def changed(file: str, change: Callable[[Any], object]) -> dict[str, Any]:
        copy = Path(shutil.copytree(template, tmp_path / "template"))
        edit(copy, {file: change})
        data: dict[str, Any] = json.loads(template_data(copy / "template"))
        return data

    return changed


def test_what_a_file_says_is_in_the_data(changed: Callable[..., dict[str, Any]]) -> None:
    data = changed("catalogue/queue/kind.yml", lambda kind: kind.update(title="Message"))
    assert "| Message |" in data["kinds"]["queue"]["row"]
    assert any("Message" in label for label in data["prompt"])


def test_what_a_kind_lacks_is_empty() -> None:
    data = json.loads(template_data())
    facts = [{**data["empty_facts"], **kind} for kind in data["kinds"].values()]
    assert len({frozenset(kind) for kind in facts}) == 1
    assert not any(data["empty_facts"].values())


def test_an_option_has_its_default_unless_a_template_computes_it() -> None:
    options = json.loads(template_data())["options"]
    assert (options["docker"]["default"], options["infra"]["default"]) == ("true", "none")
    assert (options["agents_md"]["default"], options["ci"]["default"]) == ("", "")


def test_the_kinds_whose_tables_have_names_without_underscores_are_known() -> None:
    found = {
        kind.id
        for kind in KINDS
        for table in [kind.placeholder.title().replace("_", "")]
        if any(table in read(path) for path in kind.folder.glob("blue*.py"))
    }
    assert {"sql", "table_output"} <= found == {*json.loads(template_data())["groups"]["tables"]}


@pytest.mark.parametrize(
    ("file", "change", "sentence"),
    [
        (
            "catalogue/queue/kind.yml",
            lambda kind: kind.update(titel="Message"),
            "kind.yml: titel: Unexpected keyword argument.",
        ),
        ("catalogue/queue/kind.yml", lambda kind: kind.pop("title"), "kind.yml: title: "),
        (
            "catalogue/index.yml",
            lambda index: index.update(Timer=index.pop("Timer (schedules)")),
            "index.yml: write Timer as Theme ",
        ),
        ("catalogue/queue/kind.yml", lambda kind: kind.update(names=7), "kind.yml: names: "),
        (
            "services.yml",
            lambda services: services["storage"].update(conection="X"),
            "services.yml: conection: ",
        ),
        (
            "pythons.yml",
            lambda pythons: pythons["3.12"].pop("end_of_support"),
            "pythons.yml: end_of_support: Field required.",
        ),
    ],
)
def test_a_wrong_entry_is_refused_with_its_file_and_key(
    file: str,
    change: Callable[[Any], object],
    sentence: str,
    changed: Callable[..., dict[str, Any]],
) -> None:
    with pytest.raises(CatalogueError, match=sentence):
        changed(file, change)
