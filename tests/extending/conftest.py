"""Repositories of the template that are extended as CONTRIBUTING.md says."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from hooks.catalogue import read_yaml
from tests.extending.guide import files
from tests.support.releases import release
from tests.support.template import compile_data

# The versions of the template before and after.
BEFORE, AFTER = "1.0.0", "1.1.0"

Extend = Callable[[str], Path]


@pytest.fixture(scope="module")
def extend(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Extend:
    """Return a repository that has the files of a section of CONTRIBUTING.md since its second version.

    A YAML file that already exists gets the entries of the section after its own.
    """

    def extend(heading: str) -> Path:
        copy = tmp_path_factory.mktemp("extended") / "template"
        shutil.copytree(template, copy)
        release(copy, BEFORE)
        for name, text in files(heading).items():
            path = copy / name
            if path.exists():
                content = {**read_yaml(path), **yaml.safe_load(text)}
                text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        compile_data(copy)
        release(copy, AFTER)
        return copy

    return extend
