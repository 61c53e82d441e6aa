"""The files that have the settings for a developer's machine."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Place, Problem, Severity
from ..project.json_file import JSON_TOKEN, JsonFile
from ..project.project import Project
from ..project.settings import RUNTIME, is_partial
from ..project.text_files import place_at
from .rule import rule


@rule("AF306", Severity.ERROR, "The local settings cannot be read")
def unreadable_settings(project: Project) -> Iterator[Problem]:
    """Core Tools takes the app's settings from `Values` in `local.settings.json`. If the file is no
    JSON or a value is an object or a list, it only warns, and starts the app without any setting.

    Mend the JSON. A value that has parts is one text, or several settings `NAME__PART`.
    """
    for file in project.settings.files:
        fix = "Mend the JSON."
        if file.error:
            message, place = file.error
            if not file.path.endswith((".json", ".example", ".sample")):
                continue
            yield Problem(place, f"{file.path} is no JSON: {message}.", fix)
        elif not isinstance(file.value, dict):
            yield Problem(Place(file.path), f"{file.path} is no JSON object.", fix)
        elif not isinstance(file.get("Values"), dict):
            yield from _without_values(file)
        else:
            for name, value in file.get("Values").items():
                if isinstance(value, dict | list):
                    kind = "an object" if isinstance(value, dict) else "a list"
                    message = (
                        f'The setting "{name}" is {kind}: the file is read as if it were empty.'
                    )
                    fix = "Write it as one text."
                    yield Problem(file.place("Values", name), message, fix)


def _without_values(file: JsonFile) -> Iterator[Problem]:
    other = next((key for key in file.value if key.lower() == "values"), None)
    if file.path == "local.settings.json" or other:
        place = file.place(other) if other else Place(file.path)
        message = f'{file.path} has no object "Values", so that the app has no settings.'
        fix = f'Write "Values" instead of "{other}".' if other and other != "Values" else ""
        yield Problem(place, message, fix or 'Put the settings in an object "Values".')


@rule("AF307", Severity.WARNING, "A setting is given twice")
def duplicate_setting(project: Project) -> Iterator[Problem]:
    """The last of two settings of one name wins, and the first has no effect. The host ignores the
    case of the letters.

    Delete one of them.
    """
    for file in project.settings.files:
        if file.error or not isinstance(file.get("Values"), dict):
            continue
        seen: set[str] = set()
        for name, offset in _keys_of_values(file.text):
            if name.lower() in seen:
                message = f'The setting "{name}" is given twice.'
                yield Problem(
                    place_at(file.path, file.text, offset), message, "Delete one of them."
                )
            seen.add(name.lower())


def _keys_of_values(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names directly in the object "Values" with their offsets, duplicates too."""
    tokens = [token for token in JSON_TOKEN.finditer(text) if not token["skip"]]
    path: list[str] = []
    key = ""
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token["mark"] in ("{", "["):
            path.append(key)
        elif token["mark"] in ("}", "]"):
            path.pop()
        elif token["string"] and following and following["mark"] == ":":
            key = token["string"][1:-1]
            if path == ["", "Values"]:
                yield key, token.start()


@rule("AF308", Severity.ERROR, "The local settings do not say that the app is in Python")
def worker_runtime(project: Project) -> Iterator[Problem]:
    """`FUNCTIONS_WORKER_RUNTIME` tells the host which worker runs the app. Without it, or with another
    value than `python`, the host finds no function.

    Add `"FUNCTIONS_WORKER_RUNTIME": "python"` to `Values`.
    """
    fix = f'Add "{RUNTIME}": "python" to Values.'
    for file in project.settings.files:
        values = file.get("Values")
        if not isinstance(values, dict):
            continue
        names = [name for name in values if name.lower() == RUNTIME.lower()]
        if not names and not is_partial(file):
            yield Problem(file.place("Values"), f"{file.path} has no {RUNTIME}.", fix)
        for name in names:
            value = values[name]
            if isinstance(value, str) and value.strip().lower() not in ("python", ""):
                message = f'{RUNTIME} is "{value[:40]}", and the app is in Python.'
                yield Problem(file.place("Values", name), message, 'Write "python".')


@rule("AF309", Severity.ERROR, "The local settings are said to be encrypted")
def encrypted(project: Project) -> Iterator[Problem]:
    """With `"IsEncrypted": true`, or without this key, Core Tools decrypts the values; `func start` fails
    if they are plain.

    Write `"IsEncrypted": false`, or encrypt them with `func settings encrypt`.
    """
    for file in project.settings.files:
        values = file.get("Values")
        if not isinstance(values, dict) or values.get(RUNTIME) not in ("python",):
            continue
        is_encrypted = file.get("IsEncrypted")
        if is_encrypted is True or (is_encrypted is None and file.path == "local.settings.json"):
            how = "says that its values are encrypted" if is_encrypted else 'lacks "IsEncrypted"'
            message = f"{file.path} {how}, but they are plain: func start fails."
            yield Problem(file.place("IsEncrypted"), message, 'Write "IsEncrypted": false.')


RULES = (unreadable_settings, duplicate_setting, worker_runtime, encrypted)
