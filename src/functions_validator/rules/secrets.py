"""Keys, passwords and tokens in files that are committed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ..data import read_table
from ..model import Place, Problem, Severity
from ..project.connections import (
    connections,
    is_connection_string,
)
from ..project.project import Project
from ..project.text_files import place_at
from .rule import rule

# Kinds of secrets, and patterns whose group is the secret; compiled only when one may match.
PATTERNS = (
    ("an account key", r"(?i)\bAccountKey=([A-Za-z0-9+/]{20,}={0,2})"),
    ("an access key", r"(?i)\bSharedAccessKey=([A-Za-z0-9+/]{20,}={0,2})"),
    ("an access key", r"(?i)\bAccessKey=([A-Za-z0-9+/]{32,}={0,2})"),
    ("a shared access signature", r"[?&]sig=((?:[A-Za-z0-9]|%[0-9A-Fa-f]{2}){40,})"),
    ("a function key", r"azurewebsites\.net/\S*[?&]code=([A-Za-z0-9_-]{40,}={0,2})"),
    ("a token", r"\b((?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{36,})\b"),
    ("an API key", r"\b(sk-(?:proj-|ant-)?[A-Za-z0-9_-]{40,})"),
    ("a client secret", r"(?<![\w~.-])([\w~.-]{3}8Q~[\w~.-]{31,34})(?![\w~.-])"),
)
PASSWORD = re.compile(r"\b(?:Password|Pwd)\s*=\s*([^;\"'\s]{6,})", re.IGNORECASE)
# In lower case, parts of whatever the patterns match: looking for these first is ten times faster.
PARTS = (
    *("accesskey=", "accountkey=", "sig=", "code=", "password", "pwd"),
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "sk-", "8q~"),
)
CLOUD = re.compile(r"\.database\.windows\.net|\.(?:mysql|postgres)\.database\.azure\.com|\.mongo\.")
# Parts of the names that secrets have.
NAMES = ("key", "secret", "token", "passw", "pwd")
NAMED_KEY = re.compile(r"[0-9a-f]{32}|[A-Za-z0-9]{84}")
SHORTEST_KEY = 32
PLACEHOLDER = re.compile(
    r"your|example|placeholder|sample|dummy|fake|secret|here|change|replace|xxx|abcdef|123456|redacted"
    r"|access_?key|account_?key|base64|emulator|password|[<>{}$%*]|\.\.\.",
    re.IGNORECASE,
)
EMULATORS: list[str] = read_table("settings")["emulator_keys"]
TEXTS = (
    ".bicep",
    ".bicepparam",
    ".env",
    ".json",
    ".sh",
    ".tf",
    ".tfvars",
    ".toml",
    ".yaml",
    ".yml",
)
ASIDE = ("test", "example", "sample", "doc")
LARGEST = 500_000
EXACT_LENGTHS = (44, 88)


@rule("AF305", Severity.WARNING, "A file that is committed contains a secret")
def secrets(project: Project) -> Iterator[Problem]:
    """Yield keys, passwords and tokens in files that are committed."""
    elsewhere = {
        (binding.place_of(field).path, binding.place_of(field).line)
        for function in project.functions
        for binding, field, name in connections(function)
        if is_connection_string(name)
    }
    for place, what in (*_in_sources(project), *_in_texts(project)):
        if (place.path, place.line) not in elsewhere:
            fix = "Move it to an app setting or to Key Vault, and rotate it."
            yield Problem(place, f"The file contains {what}.", fix)


def _in_sources(project: Project) -> Iterator[tuple[Place, str]]:
    for module in project.sources.modules.values():
        if not secret_in(module.text) and not _may_hold_key(module.text):
            continue
        for constant in module.all(ast.Constant):
            if isinstance(constant.value, str) and (what := secret_in(constant.value)):
                yield module.place(constant), what
        named: list[ast.Assign | ast.AnnAssign | ast.keyword]
        named = [*module.assignments, *module.all(ast.keyword)]
        for node in named:
            text = node.value.value if isinstance(node.value, ast.Constant) else None
            if isinstance(text, str) and _is_key(text) and _has_any(NAMES, _target(node)):
                yield module.place(node.value or node), "a key"


def _may_hold_key(text: str) -> bool:
    return _has_any(NAMES, text) and any(len(word) > SHORTEST_KEY for word in text.split())


def _has_any(words: Sequence[str], text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)


def _target(node: ast.Assign | ast.AnnAssign | ast.keyword) -> str:
    if isinstance(node, ast.keyword):
        return node.arg or ""
    return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)


def _is_key(text: str) -> bool:
    return bool(NAMED_KEY.fullmatch(text)) and _is_random(text)


def _in_texts(project: Project) -> Iterator[tuple[Place, str]]:
    ignored = project.ignore_file(".gitignore")
    for path in filter(_may_be_committed, project.files):
        if (project.root / path).stat().st_size > LARGEST:
            continue
        text = project.text(path) or ""
        if not secret_in(text) or (ignored and ignored.ignored_at(path)):
            continue
        for offset, line in _lines(text):
            if what := secret_in(line):
                yield place_at(path, text, offset), what


def _may_be_committed(path: str) -> bool:
    """Whether a file belongs to the app itself and is a text other than a Python source."""
    *folders, name = path.lower().split("/")
    is_aside = any(folder.startswith(ASIDE) for folder in folders)
    return name.endswith(TEXTS) and name != "local.settings.json" and not is_aside


def _lines(text: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)


def secret_in(text: str) -> str | None:
    """Return which kind of secret a text contains, if any."""
    if len(text) < 20 or not _has_any(PARTS, text):
        return None
    for what, pattern in PATTERNS:
        for match in re.finditer(pattern, text):
            if _is_random(match[1].replace("%", "")):
                return what
    if CLOUD.search(text):
        for match in PASSWORD.finditer(text):
            if not PLACEHOLDER.search(match[1]) and len(set(match[1])) > 5:
                return "a password"
    return None


def _is_random(text: str) -> bool:
    """Whether a text may be a key, but not one of an emulator or a placeholder."""
    if text in EMULATORS or len(set(text)) < 10 or not re.search(r"\d", text):
        return False
    return (len(text) in EXACT_LENGTHS and text.endswith("=")) or not PLACEHOLDER.search(text)


RULES = (secrets,)
