"""Where a finding says that its rule is explained."""

import json
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from functions_validator.reports import documentation as module
from functions_validator.reports.documentation import documentation


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The package is not in a clone of its repository."""
    monkeypatch.setattr(module, "__file__", str(tmp_path / "site-packages" / "a" / "b" / "c.py"))


@pytest.mark.parametrize(
    ("source", "commit", "address"),
    [
        ("gh:us/template", "0.2.0", "https://github.com/us/template/blob/0.2.0/docs/rules/"),
        ("gl:us/template", "0.2.0", "https://gitlab.com/us/template/blob/0.2.0/docs/rules/"),
        (
            "https://example.com/us/template.git",
            "0.2.0-4-g7ac91f3",
            "https://example.com/us/template/blob/7ac91f3/docs/rules/",
        ),
        (
            "git+https://example.com/us/template",
            "1.0.0",
            "https://example.com/us/template/blob/1.0.0/docs/rules/",
        ),
        (
            "git@example.com:us/template.git",
            "'0.2.0'",
            "https://example.com/us/template/blob/0.2.0/docs/rules/",
        ),
        (
            '"gh:us/template" # by Copier',
            "&commit 1.10",
            "https://github.com/us/template/blob/1.10/docs/rules/",
        ),
        (">-\n  gh:us/template", "0.2.0", "https://github.com/us/template/blob/0.2.0/docs/rules/"),
        ("[gh:us/template", "0.2.0", "docs/rules/"),
        ("/home/me/template", "0.2.0", "docs/rules/"),
        ("gh:us/template", "", "docs/rules/"),
    ],
)
def test_an_app_has_it_from_its_template(
    source: str, commit: str, address: str, tmp_path: Path
) -> None:
    answers = f"_commit: {commit}\n_src_path: {source}\ndocker: true\n"
    (tmp_path / ".copier-answers.yml").write_text(answers, encoding="utf-8")
    assert documentation(tmp_path) == address


def test_an_installed_package_has_it_from_its_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = {"url": "https://example.com/us/template", "vcs_info": {"commit_id": "7ac91f3"}}
    package = SimpleNamespace(read_text={"direct_url.json": json.dumps(source)}.get)
    monkeypatch.setattr(metadata, "distribution", {"functions-validator": package}.get)
    assert documentation(tmp_path) == "https://example.com/us/template/blob/7ac91f3/docs/rules/"


def test_an_app_without_a_template_has_none(tmp_path: Path) -> None:
    assert documentation(tmp_path) == "docs/rules/"
