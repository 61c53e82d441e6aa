"""Changes the data of a copy of the template, and what Copier reads of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from hooks.catalogue import read_yaml
from hooks.compiled_data import DATA, as_jinja
from hooks.template_data import template_data

Change = Callable[[Any], object]


def edit(repository: Path, changes: Mapping[str, Change]) -> None:
    """Change the contents of YAML files under template/ in place, and compile data.jinja."""
    for file, change in changes.items():
        path = repository / "template" / file
        content = read_yaml(path)
        change(content)
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        path.write_text(text, encoding="utf-8")
    compile_data(repository)


def add_kind(repository: Path, group: str, id: str, files: dict[str, str]) -> None:
    """Write the folder of a kind and add the kind to a group of the index, as its last one."""
    folder = repository / "template" / "catalogue" / id
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    edit(repository, {"catalogue/index.yml": lambda index: index[group].append(id)})


def compile_data(repository: Path) -> None:
    """Write template/data.jinja of a copy of the template, as `make data` does."""
    text = as_jinja(template_data(repository / "template"))
    (repository / "template" / DATA.name).write_text(text, encoding="utf-8")
