"""Keys, passwords and tokens in files that are committed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ...files.ignore_file import git_ignores
from ...files.repository import LARGEST
from ...files.text_files import place_at
from ...model import Place, Problem, Severity
from ...pattern import Pattern
from ...project.connections import connections, is_value
from ...project.project import Project
from ...project.settings import LOCAL_SETTINGS
from ...sources.python_source import Module
from ...values.keys import PLACEHOLDER, is_random
from ..rule import rule

# Kinds of secrets, parts that each has in lower case, and patterns whose group is the secret. A pattern is compiled only
# when it may match, and looking for the parts first is ten times faster.
PATTERNS = (
    ("an account key", ("accountkey=",), r"(?i)\bAccountKey=([A-Za-z0-9+/]{20,}={0,2})"),
    (
        "an access key",
        ("accesskey=",),
        r"(?i)\b(?:SharedAccessKey=|AccessKey=(?=[a-z0-9+/]{32}))([A-Za-z0-9+/]{20,}={0,2})",
    ),
    ("a shared access signature", ("sig=",), r"[?&]sig=((?:[A-Za-z0-9]|%[0-9A-Fa-f]{2}){40,})"),
    (
        "a function key",
        ("azurewebsites.net/",),
        r"azurewebsites\.net/\S*[?&]code=([A-Za-z0-9_-]{40,}={0,2})",
    ),
    (
        "a token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        r"\b((?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{36,})\b",
    ),
    ("an API key", ("sk-",), r"\b(sk-(?:proj-|ant-)?[A-Za-z0-9_-]{40,})"),
    ("a client secret", ("8q~",), r"(?<![\w~.-])([\w~.-]{3}8Q~[\w~.-]{31,34})(?![\w~.-])"),
)
# A key of a certificate or of an account, also in a string of JSON.
PRIVATE_KEY = Pattern(
    r"-----BEGIN (?:(?:DSA|EC|OPENSSH|RSA) )?PRIVATE KEY-----(?:\\r|\\n|\s)*([A-Za-z0-9+/]{40,})",
    parts=("PRIVATE KEY-----",),
)
# Files with a certificate for a developer's machine.
LOCAL_FILE = Pattern(r"local|dev|self", re.IGNORECASE)
PASSWORD = Pattern(r"\b(?:Password|Pwd)\s*=\s*([^;\"'\s]{6,})", re.IGNORECASE)
PASSWORD_PARTS = ("password", "pwd")
CLOUD = Pattern(
    r"\.database\.windows\.net|\.(?:mysql|postgres)\.database\.azure\.com|\.mongo\.",
    parts=(".database.", ".mongo."),
)
# A password in the address of a database or a cache in Azure.
IN_ADDRESS = Pattern(
    r"://[^\s:/@\"']*:(?=[^\s@]*\d)([^\s@/\"']{8,})@[^\s/@\"']*"
    r"\.(?:database\.azure\.com|database\.windows\.net|(?:mongo|mongocluster)\.cosmos\.azure\.com"
    r"|redis\.cache\.windows\.net|redis\.azure\.net)\b",
    parts=("://",),
)
# Parts of the names that secrets have.
NAMES = ("key", "secret", "token", "passw", "pwd")
NAMES_OF_SECRETS = (*NAMES, "pw", "pass")
PASSWORDS = ("pw", "pass", "secret")
SHORTEST_PASSWORD = 8
SHORTEST_TEXT = 20
# A password has more different characters than this.
DIFFERENT = 5
TEST_MODULE = Pattern(r"test_|conftest|.*_test\.py", parts=("test",))
NAMED_KEY = Pattern(r"[0-9a-f]{32}|[A-Za-z0-9]{84}")
QUOTED_KEY = Pattern(rf"[\"'](?:{NAMED_KEY.pattern})[\"']")
# Names of passwords, and files with settings, where a password has such a name.
PASSWORD_NAME = Pattern(
    r"(?:^|_|[a-z])(?:pw|pwd|pass|passwd|passwort|passphrase|password|secret)$",
    re.IGNORECASE,
    ("pw", "pass", "secret"),
)
SETTINGS_FILE = Pattern(
    r"(?:^|/)(?:[\w.-]*\.env(?:\.\w+)*|env\.\w+|[\w.-]*settings[\w.-]*\.(?:json|py)(?:\.\w+)?"
    r"|config\.py|[\w.-]+\.(?:bicepparam|cfg|conf|ini|properties|tfvars))$",
    re.IGNORECASE,
    (
        "env",
        "settings",
        "config.py",
        ".bicepparam",
        ".cfg",
        ".conf",
        ".ini",
        ".properties",
        ".tfvars",
    ),
)
ASSIGNED = Pattern(
    r"""^\s*(?:(?:export|param)\s+)?["']?([A-Za-z_][\w.:-]*)["']?\s*[=:]\s*(["']?)(\S{6,}?)\2\s*,?\s*$"""
)
# Passwords for a developer's machine, such as those of emulators and containers.
LOCAL_PASSWORD = Pattern(
    r"local|dev|test|admin|root|guest|postgres|p[a@]ss|mysql|rabbit|azurite|secret|docker|welcome|qwert"
    r"|1234|keyvault|://|[\\/(){}<>$%\s]",
    re.IGNORECASE,
)
FORMS = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z\d]")
TEXTS = (
    ".bicep",
    ".bicepparam",
    ".cfg",
    ".conf",
    ".env",
    ".http",
    ".ini",
    ".ipynb",
    ".json",
    ".js",
    ".md",
    ".properties",
    ".ps1",
    ".rest",
    ".sh",
    ".sql",
    ".tf",
    ".tfvars",
    ".toml",
    ".ts",
    ".txt",
    ".xml",
    ".yaml",
    ".yml",
)
PYTHON = ".py"
# How the names of other texts begin.
OTHER_TEXTS = ("dockerfile", "makefile", ".env.", "local.settings.json.")
ASIDE = ("test", "example", "sample", "doc")


@rule("AF305", Severity.WARNING, "A file that is committed contains a secret")
def secrets(project: Project) -> Iterator[Problem]:
    """Yield keys, passwords and tokens in files that are committed."""
    elsewhere = {
        binding.place_of(field).path_and_line
        for function in project.functions
        for binding, field, name in connections(function)
        if is_value(name)
    }
    for place, what in (*_in_sources(project), *_in_texts(project), *_private_keys(project)):
        if place.path_and_line not in elsewhere:
            fix = "Move it to an app setting or to Key Vault, and rotate it."
            yield Problem(place, f"The file contains {what}.", fix)


def _in_sources(project: Project) -> Iterator[tuple[Place, str]]:
    imported = project.sources.modules.values()
    for module in imported:
        yield from _in_source(module)
    known = {module.relative for module in imported}
    for path, text in _texts(project, PYTHON):
        if path not in known and _may_hold_secret(path, text) and not _stays_here(project, path):
            yield from _in_source(Module(project.root / path, path, ""))


def _in_source(module: Module) -> Iterator[tuple[Place, str]]:
    if not _may_hold_secret(module.relative, module.text):
        return
    for constant in module.all(ast.Constant):
        if isinstance(constant.value, str) and (what := secret_in(constant.value)):
            yield module.place(constant), what
    is_cloud = bool(CLOUD.search(module.text))
    named: list[ast.Assign | ast.AnnAssign | ast.keyword]
    named = [*module.assignments, *module.all(ast.keyword)]
    for node in named:
        value = node.value
        if not isinstance(value, ast.Constant) or not isinstance(text := value.value, str):
            continue
        if _is_key(text) and _has_any(NAMES, _target(node)):
            yield module.place(value), "a key"
        elif SETTINGS_FILE.search(module.relative) and _is_password(_target(node), text, is_cloud):
            yield module.place(value), "a password"


def _may_hold_secret(path: str, text: str) -> bool:
    is_named = bool(SETTINGS_FILE.search(path)) and _has_any(PASSWORDS, text)
    return is_named or bool(secret_in(text)) or _may_hold_key(text)


def _may_hold_key(text: str) -> bool:
    return bool(QUOTED_KEY.search(text)) and _has_any(NAMES, text)


def _has_any(words: Sequence[str], text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)


def _target(node: ast.Assign | ast.AnnAssign | ast.keyword) -> str:
    if isinstance(node, ast.keyword):
        return node.arg or ""
    return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)


def _is_key(text: str) -> bool:
    return bool(NAMED_KEY.fullmatch(text)) and is_random(text)


def _is_password(name: str, text: str, is_cloud: bool) -> bool:
    """Whether a text under a name is a password of a service, rather than of a developer's machine."""
    if not PASSWORD_NAME.search(name) or PLACEHOLDER.search(text) or not text.isprintable():
        return False
    if is_cloud:
        return len(set(text)) > DIFFERENT
    is_strong = sum(bool(re.search(form, text)) for form in FORMS) > len(FORMS) // 2
    return len(text) >= SHORTEST_PASSWORD and is_strong and not LOCAL_PASSWORD.search(text)


def _in_texts(project: Project) -> Iterator[tuple[Place, str]]:
    for path, text in _texts(project, TEXTS):
        found = list(_in_text(path, text))
        # Asked last: reading the patterns of git is slow.
        if found and not _stays_here(project, path):
            yield from found


def _in_text(path: str, text: str) -> Iterator[tuple[Place, str]]:
    has_names = bool(SETTINGS_FILE.search(path)) and _has_any(NAMES_OF_SECRETS, text)
    if not has_names and not secret_in(text):
        return
    is_cloud = bool(CLOUD.search(text))
    for offset, line in _lines(text):
        what = secret_in(line)
        named = ASSIGNED.match(line) if has_names and not what else None
        # In Bicep, what has no quotes is an expression.
        if named and (named[2] or not path.endswith(".bicepparam")):
            what = _named_secret(named[1], named[3], is_cloud)
        if what:
            yield place_at(path, text, offset), what


def _private_keys(project: Project) -> Iterator[tuple[Place, str]]:
    for path, text in _texts(project, (*TEXTS, ".key", ".pem", PYTHON)):
        found = PRIVATE_KEY.search(text)
        if found is None or not is_random(found[1]) or LOCAL_FILE.search(path):
            continue
        if not _stays_here(project, path):
            yield place_at(path, text, found.start()), "a private key"


def _named_secret(name: str, text: str, is_cloud: bool) -> str | None:
    if _is_password(name, text, is_cloud):
        return "a password"
    return "a key" if _has_any(NAMES, name) and _is_key(text) else None


def _texts(project: Project, endings: str | tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the texts of the app itself, without those of its tests, samples and documentation."""
    for path in project.files:
        *folders, name = path.lower().split("/")
        if not name.endswith(endings) and (endings == PYTHON or not name.startswith(OTHER_TEXTS)):
            continue
        is_aside = any(folder.startswith(ASIDE) for folder in folders) or TEST_MODULE.match(name)
        if not is_aside and project.size(path) <= LARGEST:
            yield path, project.text(path) or ""


def _stays_here(project: Project, path: str) -> bool:
    """Whether git leaves out a file: one that it tracks is committed, whatever .gitignore says."""
    if path == LOCAL_SETTINGS:
        # AF704 finds one that is not ignored.
        return path not in project.tracked or not git_ignores(project.root / path)
    return path not in project.tracked and bool(git_ignores(project.root / path))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)


def secret_in(text: str) -> str | None:
    """Return which kind of secret a text contains, if any."""
    if len(text) < SHORTEST_TEXT:
        return None
    lower = text.lower()
    for what, parts, pattern in PATTERNS:
        if any(part in lower for part in parts):
            for match in re.finditer(pattern, text):
                if is_random(match[1].replace("%", "")):
                    return what
    passwords = [match[1] for match in IN_ADDRESS.finditer(text)] if "@" in text else []
    if any(part in lower for part in PASSWORD_PARTS) and CLOUD.search(text):
        passwords += [match[1] for match in PASSWORD.finditer(text)]
    for password in passwords:
        if not PLACEHOLDER.search(password) and len(set(password)) > DIFFERENT:
            return "a password"
    return None


RULES = (secrets,)
