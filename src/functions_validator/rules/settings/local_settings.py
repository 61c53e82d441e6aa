"""local.settings.json and its examples: the app settings on a developer's machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...files.json_file import JsonFile
from ...files.text_files import place_at
from ...model import Place, Problem, Severity
from ...project.host_values import shown
from ...project.project import Project
from ...project.settings import LOCAL_SETTINGS, RUNTIME, how_to_add, is_partial, readable
from ..rule import rule

IGNORED = "so Core Tools ignores the whole file"


@rule("AF306", Severity.ERROR, "The local settings cannot be read")
def unreadable_settings(project: Project) -> Iterator[Problem]:
    """Yield what keeps Core Tools from reading the settings in a file."""
    for file in project.settings.files:
        if file.error:
            message, place = file.error
            if not file.path.endswith((".json", ".example", ".sample")):
                continue
            yield Problem(
                place, f"{file.path} is not valid JSON: {message}.", "Fix the JSON syntax."
            )
        elif not isinstance(file.value, dict):
            message = f"{file.path} is not a JSON object."
            yield Problem(
                Place(file.path), message, 'Write an object with the settings in "Values".'
            )
        elif not isinstance(file.get("Values"), dict):
            yield from _without_values(file)
        else:
            for name, value in file.get("Values").items():
                if isinstance(value, dict | list):
                    message = f'The setting "{name}" is {shown(value)}, {IGNORED}.'
                    fix = "Write the value as a string."
                    yield Problem(file.place("Values", name), message, fix)
            for keys, value, fix in _other_misfits(file.value):
                message = f"{keys[-1]} is {shown(value)}, {IGNORED}."
                yield Problem(file.place(*keys), message, fix)


def _other_misfits(content: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object, str]]:
    """Yield what Core Tools cannot convert besides the settings: its keys, the value and how to fix it."""
    encrypted = content.get("IsEncrypted")
    if isinstance(encrypted, dict | list | str) and not _is_bool(encrypted):
        yield ("IsEncrypted",), encrypted, "Write false."
    for section in ("ConnectionStrings", "Host"):
        if not isinstance(content.get(section), dict | None):
            yield (section,), content[section], "Write an object."
    host = content.get("Host")
    for key, value in host.items() if isinstance(host, dict) else ():
        match key.lower():
            case "cors" if isinstance(value, dict | list):
                yield (
                    ("Host", key),
                    value,
                    'Write one string, such as "http://a.example,http://b.example".',
                )
            case "localhttpport" if not re.fullmatch(r"\s*\d+\s*", str(value)):
                yield ("Host", key), value, "Write the number of a port, such as 7071."
            case "corscredentials" if not _is_bool(value):
                yield ("Host", key), value, "Write true or false."


def _is_bool(value: object) -> bool:
    return str(value).strip().lower() in ("true", "false")


def _without_values(file: JsonFile) -> Iterator[Problem]:
    other = next((key for key in file.value if key.lower() == "values"), None)
    if file.path == LOCAL_SETTINGS or other:
        place = file.place(other) if other else Place(file.path)
        message = f'{file.path} has no "Values" object, so the app has no settings.'
        fix = f'Write "Values" instead of "{other}".' if other and other != "Values" else ""
        yield Problem(place, message, fix or 'Put the settings in a "Values" object.')


@rule("AF307", Severity.WARNING, "A setting is defined twice")
def duplicate_setting(project: Project) -> Iterator[Problem]:
    """Yield settings whose name is already used in the same file, in any letter case, and "Values" that are lost."""
    for file in project.settings.files:
        if file.error or not isinstance(file.get("Values"), dict):
            continue
        lost = [found for found in file.repeated() if found[0].path == ("Values",)]
        for _, first, last in lost:
            message = f'"Values" is given again in line {last.line}, so these settings are lost.'
            yield Problem(first, message, "Merge the two.")
        yield from () if lost else _same_names(file)


def _same_names(file: JsonFile) -> Iterator[Problem]:
    seen: set[str] = set()
    for key in file.all_keys():
        section, *below = key.path
        if section != "Values" or len(below) != 1:
            continue
        [name] = below
        if name.lower() in seen:
            place = place_at(file.path, file.text, key.offset)
            yield Problem(place, f'The setting "{name}" is defined twice.', "Remove one of them.")
        seen.add(name.lower())


@rule("AF308", Severity.ERROR, "The local settings do not select the Python worker")
def worker_runtime(project: Project) -> Iterator[Problem]:
    """Yield settings files that do not select the Python worker."""
    for file in project.settings.files:
        values = file.get("Values")
        if not isinstance(values, dict):
            continue
        names = [name for name in values if name.lower() == RUNTIME.lower()]
        if not names and not is_partial(file):
            message = f"{file.path} does not set {RUNTIME}."
            yield Problem(file.place("Values"), message, how_to_add(file, RUNTIME, "python"))
        for name in names:
            value = readable(file, values[name])
            if isinstance(value, str) and value.strip().lower() not in ("python", ""):
                message = f'{RUNTIME} is "{value[:40]}", but this is a Python app.'
                yield Problem(file.place("Values", name), message, 'Set it to "python".')


@rule("AF309", Severity.ERROR, "The local settings are plain text, but IsEncrypted is not false")
def encrypted(project: Project) -> Iterator[Problem]:
    """Yield settings files whose plain values Core Tools would try to decrypt."""
    for file in project.settings.files:
        values = file.get("Values")
        if not isinstance(values, dict) or values.get(RUNTIME) != "python":
            continue
        is_encrypted = file.get("IsEncrypted")
        if is_encrypted is True or (is_encrypted is None and file.path == LOCAL_SETTINGS):
            how = 'has "IsEncrypted": true' if is_encrypted else 'has no "IsEncrypted"'
            message = (
                f"{file.path} {how}, so func start tries to decrypt its plain values and fails."
            )
            yield Problem(file.place("IsEncrypted"), message, 'Write "IsEncrypted": false.')


RULES = (unreadable_settings, duplicate_setting, worker_runtime, encrypted)
