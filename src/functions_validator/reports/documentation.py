"""Finds the pages about the rules, in the repository that the validator or the app comes from."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from ..files.text_files import Unreadable
from ..files.yaml_file import read_yaml_mapping
from ..pattern import Pattern

PAGES = "docs/rules/"
ANSWERS = ".copier-answers.yml"
# How git and Copier shorten or write an address that a browser opens.
SHORT = (("gh:", "https://github.com/"), ("gl:", "https://gitlab.com/"), ("git+", ""))
SSH = Pattern(r"git@([^:/]+):")


@cache
def documentation(app: Path) -> str:
    """Return the address or the folder of the pages, with "/" at its end."""
    clone = Path(__file__).parents[3] / PAGES
    if clone.is_dir():
        return f"{clone.as_posix()}/"
    return _of_installation() or _of_template(app) or PAGES


def _of_installation() -> str | None:
    """Return the address of the repository and the commit from which the package was installed."""
    # Imported here because it is slow to import, and only an installed package needs it.
    from importlib import metadata

    try:
        text = metadata.distribution("functions-validator").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return None
    source = json.loads(text) if text else {}
    return _pages(source.get("url", ""), source.get("vcs_info", {}).get("commit_id", ""))


def _of_template(app: Path) -> str | None:
    """Return the address of the template and the version from which the app was generated."""
    try:
        answers = read_yaml_mapping(app / ANSWERS)
    except Unreadable:
        return None
    return _pages(str(answers.get("_src_path", "")), str(answers.get("_commit", "")))


def _pages(repository: str, commit: str) -> str | None:
    """Return the address of the pages in a commit of a repository; None if no browser opens it."""
    address = SSH.sub(r"https://\1/", repository)
    for short, whole in SHORT:
        address = address.replace(short, whole, 1) if address.startswith(short) else address
    if not address.startswith("https://") or not commit:
        return None
    # A commit between two versions is described as 0.2.0-4-gabc1234.
    revision = re.sub(r"^.*-g(?=[0-9a-f]+$)", "", commit)
    return f"{address.removesuffix('/').removesuffix('.git')}/blob/{revision}/{PAGES}"
