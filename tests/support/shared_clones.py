"""Lets Copier, in the tests' own processes, clone a state of a template only once: cloning takes most of an update."""

import os
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from copier._template import Template

# What Copier asks git about a template.
ASKED = (
    "vcs",
    "url_expanded",
    "local_abspath",
    "git_index_modes",
    "commit",
    "commit_hash",
    "version",
)
# What decides what a clone of a local repository has in it, unless a change is not committed: files in .git, and where
# git looks for more settings.
FILES = ("HEAD", "config", "packed-refs", "refs/**/*")
SETTINGS = ("GIT_", "HOME", "XDG_CONFIG_HOME")


@contextmanager
def shared_clones() -> Iterator[None]:
    """Keep the clones that Copier makes, and use them again, inside of the block."""
    known: dict[Hashable, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        for name in ASKED:
            patch.setattr(Template, name, asked_once(getattr(Template, name), known))
        yield


def asked_once(asked: "cached_property[Any]", known: dict[Hashable, Any]) -> "cached_property[Any]":
    """Return a property of Template that asks git only about a state of a repository that is not known."""
    name = asked.attrname
    assert name

    def answer(template: Template) -> Any:
        state = state_of(template)
        if state is None:
            return asked.func(template)
        if (name, *state) not in known:
            known[name, *state] = asked.func(template)
            if name == "local_abspath":
                # It does not remove this clone.
                template._temp_clone_path = None
        return known[name, *state]

    return named(answer, name)


def named(answer: Callable[[Template], Any], name: str) -> "cached_property[Any]":
    """Return a property, with the name that a class statement would give it."""
    made = cached_property(answer)
    made.__set_name__(Template, name)
    return made


def state_of(template: Template) -> tuple[Hashable, ...] | None:
    """Return all that a clone depends on; None if it is remote, shallow or may have what is not committed."""
    if "state" not in vars(template):
        vars(template)["state"] = read_state(template)
    state: tuple[Hashable, ...] | None = vars(template)["state"]
    return state


def read_state(template: Template) -> tuple[Hashable, ...] | None:
    """Read what git would say of the repository of a template, which takes two processes."""
    git = Path(template.url, ".git")
    if template.ref == "HEAD" or not git.is_dir() or (git / "shallow").exists():
        return None
    files = [path for pattern in FILES for path in sorted(git.glob(pattern)) if path.is_file()]
    settings = sorted(pair for pair in os.environ.items() if pair[0].startswith(SETTINGS))
    return (
        template.url,
        template.ref,
        template.use_prereleases,
        *((path, path.read_bytes()) for path in files),
        *settings,
    )
