"""Lets Copier, in the tests' own processes, skip the slow steps that change nothing in what it writes."""

import functools
import json
import os
import pickle
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any

import copier._template
import copier._user_data
import copier._vcs
import jinja2
import jinja2_ansible_filters.core_filters as filters
import pytest
import yaml
from copier._jinja_ext import CopierTemplateLoader, get_yield_context
from copier._main import Worker
from copier._user_data import Question
from copier._vcs import get_repo

Source = tuple[str, str, Callable[[], bool]]


@contextmanager
def fast_rendering() -> Iterator[None]:
    """Render faster inside of the block."""
    with pytest.MonkeyPatch.context() as patch:
        # Each text of the template is compiled once per process.
        patch.setattr(jinja2.Environment, "compile", compiled_once(jinja2.Environment.compile))
        # Most paths and answers are plain texts, for which Copier collects all that a template can use.
        patch.setattr(Worker, "_render_string", plain_string(Worker._render_string))
        patch.setattr(Question, "render_value", plain_value(Question.render_value))
        patch.setattr(Worker, "answers_relpath", plain_answers_file(Worker.answers_relpath))
        # The same YAML, but read by code in C; the same settings are read only once.
        in_c = {"SafeLoader": yaml.CSafeLoader, "safe_load": load_in_c}
        for module in (copier._template, copier._user_data):
            patch.setattr(module, "yaml", SimpleNamespace(**{**vars(yaml), **in_c}))
        load = settings_once(copier._template.load_template_config)
        patch.setattr(copier._template, "load_template_config", load)
        # Each file is read once per process, and so is the JSON of the template.
        get_source = source_once(CopierTemplateLoader.get_source)
        patch.setattr(CopierTemplateLoader, "get_source", get_source)
        texts: dict[str, Any] = {}
        once = SimpleNamespace(**{**vars(json), "loads": json_once(texts)})
        patch.setattr(filters, "json", once)
        # The filter combine looks through everything that it is given, texts and numbers for the most part.
        check = plain_skipped(filters.recursive_check_defined)
        patch.setattr(filters, "recursive_check_defined", check)
        # It asks Git about every file, only to keep executable bits, which no file of the template has.
        patch.setattr(Worker, "_sync_git_index_executable_bit", lambda *_: None)
        # It starts Git three times to learn that a folder is not a repository.
        patch.setattr(copier._template, "get_repo", repository)
        # In each clone it starts a dozen processes that look for submodules, which no template of the tests has.
        patch.setattr(copier._vcs, "get_git", without_submodules(copier._vcs.get_git))
        yield
    changed = [text for text, value in texts.items() if value != json.loads(text)]
    assert not changed, "A template changed what all renderings of these tests share."


def compiled_once(compile: Callable[..., CodeType | str]) -> Callable[..., CodeType | str]:
    """Return a method that remembers the code of every text that is compiled with the same settings."""
    codes: dict[tuple[Any, ...], CodeType | str] = {}

    def remembered(
        self: jinja2.Environment,
        source: str,
        name: str | None = None,
        filename: str | None = None,
        *others: Any,
    ) -> CodeType | str:
        """Return the code of a text."""
        key = (source, name, others, self.undefined, *sorted(self.extensions))
        if key in codes:
            # Copier's extension forgets the last yield tag here.
            self.preprocess(source, name, filename)
        else:
            codes[key] = compile(self, source, name, filename, *others)
        return codes[key]

    return remembered


def load_in_c(text: str) -> Any:
    """Return what is in a text of YAML."""
    return yaml.load(text, yaml.CSafeLoader)


def settings_once(load: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that remembers the settings of templates, by the text of all their files."""
    known: dict[tuple[bytes, ...], bytes] = {}

    def remembered(settings: Path, *options: bool) -> Any:
        """Return the settings in a file and those that it includes."""
        text = settings.read_bytes()
        patterns = re.findall(rb"^!include (.+)$", text, re.MULTILINE)
        files = [file for name in patterns for file in settings.parent.glob(name.decode())]
        key = (text, *(file.read_bytes() for file in files))
        if key not in known:
            known[key] = pickle.dumps(load(settings, *options))
        return pickle.loads(known[key])

    return remembered


def source_once(get_source: Callable[..., Source]) -> Callable[..., Source]:
    """Return a method that remembers the text of each file until it is written again."""
    known: dict[tuple[str, int, int], Source] = {}

    def remembered(
        self: CopierTemplateLoader, environment: jinja2.Environment, template: str
    ) -> Source:
        """Return the text of a template."""
        path = f"{self.searchpath[0]}/{template}"
        try:
            status = os.stat(path)
        except OSError:
            return get_source(self, environment, template)
        key = (path, status.st_ino, status.st_mtime_ns)
        if key not in known:
            known[key] = get_source(self, environment, template)
        return known[key]

    return remembered


def json_once(known: dict[str, Any]) -> Callable[[str], Any]:
    """Return a filter that remembers what is in a text of JSON."""

    def remembered(text: str) -> Any:
        if text not in known:
            known[text] = json.loads(text)
        return known[text]

    return remembered


def plain_skipped(check: Callable[[object], None]) -> Callable[[object], None]:
    """Return a check that a value contains nothing undefined, which skips plain values."""
    plain = (str, int, bool, type(None))

    def checked(item: Any) -> None:
        if isinstance(item, dict):
            item = item.values()
        elif not isinstance(item, list):
            check(item)
            return
        for one in item:
            if type(one) not in plain:
                checked(one)

    return checked


def is_plain(text: object) -> bool:
    """Whether a text is its own rendering."""
    return isinstance(text, str) and "{" not in text and "\r" not in text


def forget_yield_tag(worker: Worker) -> None:
    """Do what Copier's extension does before it compiles a text."""
    tag = get_yield_context(worker.jinja_env)
    tag.yield_name = tag.yield_iterable = None


def plain_string(render: Callable[..., str]) -> Callable[..., str]:
    """Return a method of Worker that renders only what is not plain text."""

    @functools.wraps(render)
    def rendered(self: Worker, string: str, extra_context: Mapping[str, Any] | None = None) -> str:
        if not is_plain(string):
            return render(self, string, extra_context)
        forget_yield_tag(self)
        return string

    return rendered


def plain_value(render: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of Question that renders only what is not plain text."""

    @functools.wraps(render)
    def rendered(self: Question, value: Any, extra_answers: Mapping[str, Any] | None = None) -> Any:
        return value if is_plain(value) else render(self, value, extra_answers)

    return rendered


def plain_answers_file(relpath: Any) -> property:
    """Return a property of Worker that renders the path of the answers file only if it is not plain text."""

    def path(self: Worker) -> Path:
        text = str(self.answers_file or self.template.answers_relpath)
        if not is_plain(text):
            found: Path = relpath.fget(self)
            return found
        forget_yield_tag(self)
        return Path(text)

    return property(path)


def repository(url: str) -> str | None:
    """Return what Copier clones for a template, None for a folder without a repository."""
    folder = Path(url)
    if folder.is_dir() and not any((folder / name).exists() for name in (".git", "HEAD")):
        return None
    return get_repo(url)


def without_submodules(get_git: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose git does nothing about submodules."""

    def without(*context: Any) -> Git:
        return Git(get_git(*context))

    return without


class Git:
    """The command git, without submodules."""

    def __init__(self, command: Any) -> None:
        self.command = command

    def __getattr__(self, name: str) -> Any:
        """Return what the command has."""
        return getattr(self.command, name)

    def __getitem__(self, arguments: Any) -> Any:
        """Return it with arguments."""
        return self.command[arguments]

    def __call__(self, *arguments: str, **options: Any) -> Any:
        """Run it and return what it prints."""
        return "" if arguments[0] == "submodule" else self.command(*arguments, **options)
