"""docs/validator.md describes what the validator does."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from functions_validator.cli import FORMATS, main
from functions_validator.configuration import read_configuration
from functions_validator.files.toml_file import TomlFile
from hooks.catalogue import ROOT
from tests.support.markdown import blocks
from tests.support.text_files import read, read_json
from tests.support.validator import HEALTHY, plant

PAGE = read(ROOT / "docs" / "validator.md")
SCHEMA = ROOT / "src" / "functions_validator" / "reports" / "report.schema.json"


def test_it_names_every_option_and_format(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    options = set(re.findall(r"--[a-z]+(?:-[a-z]+)?", capsys.readouterr().out))
    assert options - {"--help", "--version"} == set(re.findall(r"--[a-z]+(?:-[a-z]+)?", PAGE)) - {
        "--from"
    }
    assert [name for name in FORMATS if f"`{name}`" not in PAGE] == []


def test_its_json_is_what_the_validator_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [text] = blocks(PAGE, "json")
    shown = json.loads(text)
    jsonschema.validate(shown, read_json(SCHEMA))
    settings = json.loads(HEALTHY["local.settings.json"])
    del settings["Values"]["OrdersStorage"]
    app = plant(tmp_path / "app", {"local.settings.json": json.dumps(settings)})
    assert main([str(app), "--no-index", "--format", "json"]) == 1
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    [example] = shown["findings"]
    for name in ("path", "documentation"):
        assert finding.pop(name).endswith(example.pop(name).rpartition("...")[2])
    assert example == finding


def test_its_configuration_is_valid() -> None:
    [text] = blocks(PAGE, "toml")
    configuration = read_configuration(TomlFile("pyproject.toml", text))
    assert (configuration.ignore, configuration.exclude) == (["AF503"], ["scripts/"])
