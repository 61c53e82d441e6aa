"""Write what Copier and the validator read of the template's data: python -m hooks.template_data, or `make data`

template/data.jinja has everything in one file. Copier reads YAML in pure Python, which takes 87 ms for all kinds, where
JSON takes less than one.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from hooks import additions, compiled_data
from hooks.catalogue import (
    ROOT,
    TEMPLATE,
    CatalogueError,
    Kind,
    Option,
    Python,
    Service,
    offered_groups,
    parts_of_group,
    read_complaints,
    read_kinds,
    read_options,
    read_pythons,
    read_questions,
    read_services,
    read_yaml,
)
from hooks.complaints import NAME_OF_PAIR, rules, rules_of_kind, sentences

PYTHONS = ROOT / "src" / "functions_validator" / "data" / "pythons.json"
SPACE_AFTER_TITLES = 2
# What shows that a command to try a function needs a tool, by the tool's name. Only newer versions of curl know --json.
TOOLS = {
    "az": r"(?m)(?:^|\$\()az ",
    "curl": r" --json ",
    "openssl": r" openssl ",
    "docker": r"(?m)^docker compose ",
}


def template_data(template: Path = TEMPLATE) -> str:
    """Return the JSON in data.jinja. Raises CatalogueError if a file of the template is wrong."""
    pythons = read_pythons(template)
    kinds = read_kinds(template)
    services = read_services(template)
    options = read_options(template)
    asked = read_questions(template)
    questions = _questions(asked, pythons)
    complaints = read_complaints(template)
    content: dict[str, dict[str, Any]] = {
        **_kinds(kinds, services, pythons),
        "groups": _groups(kinds),
        "prompt": _prompt(kinds),
        "services": {name: _service(service) for name, service in services.items()},
        "every_app": {"adds": additions.of_every_app(options)},
        "lists": additions.lists(kinds, services),
        "web_frameworks": _web_frameworks(template),
        "options": _options(template / "options.yml", options, asked, questions),
        "files": _files(template, options),
        "questions": questions,
        "pythons": {
            python.version: {**asdict(python), "label": python.label, "image": python.image}
            for python in pythons
            if python.is_offered
        },
        "actions": read_yaml(template / "actions.yml"),
        "reserved": _reserved(template),
        "rules": rules(complaints, questions),
        "complaints": sentences(complaints),
        "patterns": {"name_of_pair": NAME_OF_PAIR},
        "retired_files": read_yaml(template / "retired_files.yml"),
    }
    return _dump(content)


def _kinds(
    kinds: Sequence[Kind], services: Mapping[str, Service], pythons: Sequence[Python]
) -> dict[str, dict[str, Any]]:
    """Return the facts of each kind that are not empty, and an empty one of each, for kinds that lack it."""
    all_facts = {kind.id: _kind(kind, services, pythons) for kind in kinds}
    return {
        "kinds": {
            id: {key: value for key, value in facts.items() if value}
            for id, facts in all_facts.items()
        },
        "empty_facts": {
            key: value for facts in all_facts.values() for key, value in facts.items() if not value
        },
    }


def _kind(kind: Kind, services: Mapping[str, Service], pythons: Sequence[Python]) -> dict[str, Any]:
    """Return the facts of a kind that templates read."""
    data = asdict(kind)
    del data["id"], data["folder"], data["group"], data["help"], data["delivery"]
    # Its rules have these, and `with` has what the last one means.
    del data["names"], data["name_length"], data["python"], data["init_indexing"]
    data["rules"] = rules_of_kind(kind, services, pythons)
    data["adds"] = additions.additions(kind, services)
    data["tools"] = _tools(kind)
    data["call"] = _call(kind)
    data["keys_of"] = _keys_of(kind)
    data["without_sign_in"] = [path for path in (data.pop("signed"), kind.health) if path]
    # The README alone has these.
    del data["title"], data["source"], data["reads"], data["writes"], data["summary"]
    data["row"] = _row(kind)
    data["diagram"] = "".join(f"\n    {line}" for line in _diagram(kind))
    # What is different with another choice: "scheduler" of durable_backend, or "old" of the Python's worker.
    data["with"] = {}
    if "durableTask" in kind.host:
        data["with"]["scheduler"] = _on_scheduler(kind, services["durabletask"])
    if kind.init_indexing:
        settings = {**kind.settings, "PYTHON_ENABLE_INIT_INDEXING": "1"}
        data["with"]["old"] = {"settings": settings}
    return data


def _tools(kind: Kind) -> list[str]:
    """Return the tools that are needed to try a function of a kind."""
    # For calls by hand, the README uses --json.
    text = kind.command + (" --json " if kind.by_hand else "")
    return [tool for tool, pattern in TOOLS.items() if re.search(pattern, text)]


def _call(kind: Kind) -> str:
    """Return the command that calls a function of a kind and fails if it does, on one line, or nothing."""
    # CI has no sidecar of Dapr, without which every call fails.
    if kind.dapr or not kind.command.startswith("curl "):
        return ""
    command = kind.command.replace("curl ", "curl --fail-with-body --silent --show-error ", 1)
    return re.sub(r"\s*\\?\n\s*", " ", command)


def _keys_of(kind: Kind) -> list[str]:
    """Return whose keys the routes of a kind ask for: those of the app's level, or of a level of their own."""
    asked = set()
    for node in ast.walk(ast.parse((kind.folder / "blueprint.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "bp.route":
            own = [ast.unparse(each.value) for each in node.keywords if each.arg == "auth_level"]
            asked.add(own[0].rpartition(".")[2].lower() if own else "app")
    return sorted(asked - {"anonymous"})


def _row(kind: Kind) -> str:
    """Return the row of a function of a kind in the README's table."""
    name = kind.placeholder
    data = ", ".join(dict.fromkeys([*kind.reads, *kind.writes])) or "-"
    cells = (f"[`{name}`](blueprints/{name}.py)", kind.title, kind.source, data, kind.summary)
    return f"| {' | '.join(cells)} |\n"


def _diagram(kind: Kind) -> Iterator[str]:
    """Yield the lines of a function of a kind in the README's diagram."""
    name = kind.placeholder
    yield f'{name}_source["{kind.source}"] --> {name}_function(["{name}"])'
    for number, read in enumerate(kind.reads, 1):
        yield f'{name}_read_{number}["{read}"] --> {name}_function'
    for number, write in enumerate(kind.writes, 1):
        yield f'{name}_function --> {name}_write_{number}["{write}"]'


def _groups(kinds: Sequence[Kind]) -> dict[str, list[str]]:
    """Return the kinds that templates ask for, such as those that new apps can have."""
    return {
        "offered": [kind.id for kind in kinds if not kind.retired],
        "http": [kind.id for kind in kinds if "http" in kind.host],
        "streams": [kind.id for kind in kinds if kind.streams],
        "durable": [kind.id for kind in kinds if "durableTask" in kind.host],
        "dapr": [kind.id for kind in kinds if kind.dapr],
        # Those with a table whose name is the function's without underscores.
        "tables": [kind.id for kind in kinds if kind.table],
        # Those that can be wrong together with other functions and answers that are right.
        "with_conflicts": [kind.id for kind in kinds if kind.streams or kind.not_on_flex],
    }


def _on_scheduler(kind: Kind, scheduler: Service) -> dict[str, Any]:
    """Return what is different if a service keeps the state of durable functions, not the storage of the host."""
    host = {
        name: {**options, **scheduler.host.get(name, {})} for name, options in kind.host.items()
    }
    return {"service": scheduler.name, "roles": list(scheduler.roles), "host": host}


def _service(service: Service) -> dict[str, Any]:
    """Return what templates read of a service, with the settings that connect to it on a developer's machine."""
    data = asdict(service)
    data["settings"] = service.local_settings
    data["az_settings"] = "".join(f"\n  {setting} \\" for setting in _az_settings(service))
    del data["emulator"], data["emulator_config"], data["resources"], data["taken"]
    return data


def _az_settings(service: Service) -> Iterator[str]:
    """Yield the app settings, as the Azure CLI takes them, that connect to a service with the app's identity.

    A variable of the shell has each value.
    """
    name = service.connection
    if not service.identity:
        yield f'"{name}=${name}"'
        return
    for suffix in service.identity:
        yield f'"{name}__{suffix}=${name}__{suffix}"'
    yield f"{name}__credential=managedidentity"
    yield f'"{name}__clientId=$CLIENT_ID"'


def _prompt(kinds: Sequence[Kind]) -> dict[str, Any]:
    """Return the choices of the prompt by their labels: a heading for each group, and its kinds in two columns.

    A heading is a choice without a value that a validator never allows, so the cursor skips it.
    """
    choices: dict[str, Any] = {}
    for group, members in offered_groups(kinds).items():
        theme, about = parts_of_group(group)
        choices[theme] = {"value": "", "validator": about}
        choices |= {label: kind.id for label, kind in labels(members).items()}
    return choices


def labels(kinds: Sequence[Kind]) -> dict[str, Kind]:
    """Return the kinds of a group by what the prompt calls them."""
    width = max(len(kind.title) for kind in kinds) + SPACE_AFTER_TITLES
    return {f"{kind.title:{width}}{kind.help}": kind for kind in kinds}


def _web_frameworks(template: Path) -> dict[str, Any]:
    folders = sorted(template.glob("web_frameworks/*/framework.yml"))
    return {path.parent.name: read_yaml(path) for path in folders}


def _questions(asked: Mapping[str, Mapping[str, Any]], pythons: Sequence[Python]) -> dict[str, Any]:
    """Return what the guard needs to know of each question: its type, and the choices if they are fixed."""
    found: dict[str, Any] = {}
    for name, question in asked.items():
        choices = question.get("choices")
        fixed = [str(choice) for choice in choices.values()] if isinstance(choices, dict) else []
        found[name] = {"type": question["type"], "choices": fixed}
    offered = [python.version for python in pythons if python.is_offered]
    found["python_version"]["choices"] = offered
    return found


def _options(
    path: Path,
    options: Mapping[str, Option],
    asked: Mapping[str, Mapping[str, Any]],
    questions: Mapping[str, Any],
) -> dict[str, Any]:
    """Return each option of a file, with the files of each choice that are not deployed.

    Raises CatalogueError for one without a question, or with a choice that its question does not have.
    """
    found = {}
    for name, option in options.items():
        if name not in questions:
            raise CatalogueError(f"{path}: there is no question {name}.")
        choices = questions[name]["choices"] or ["true", "false"]
        if unknown := {option.before, *option.files, *option.ignored} - {*choices}:
            wrong = f"{name} has no choice {', '.join(sorted(unknown))}"
            raise CatalogueError(f"{path}: {wrong}.")
        found[name] = {
            "before": option.before,
            "default": _fixed_default(asked[name], choices),
            "installs": option.installs,
            "not_deployed": {choice: _not_deployed(option, choice) for choice in choices},
        }
    return found


def _fixed_default(question: Mapping[str, Any], choices: Sequence[str]) -> str:
    """Return the choice that is the default of a question, or nothing where a template computes it."""
    default = str(question.get("default", "")).lower()
    return default if default in choices else ""


def _files(template: Path, options: Mapping[str, Option]) -> dict[str, list[str]]:
    """Return the files in project/: those of choices, and those of every app, besides the ones of its functions."""
    project = template / "project"
    paths = sorted(path for path in project.rglob("*") if path.is_file() and "{" not in path.name)
    files = [path.relative_to(project).as_posix().removesuffix(".jinja") for path in paths]
    choices = (names for option in options.values() for names in option.files.values())
    of_options = [name for name in dict.fromkeys(chain(*choices)) if name in files]
    return {
        "of_options": of_options,
        "of_every_app": [file for file in files if file not in of_options],
    }


def _not_deployed(option: Option, choice: str) -> list[str]:
    """Return the names that Azure does not need, except those in folders that it does not get anyway."""
    files = [] if option.published else [*option.files.get(choice, [])]
    return [file for file in (*files, *option.ignored.get(choice, [])) if "/" not in file]


def _reserved(template: Path) -> dict[str, dict[str, str]]:
    """Return the reason for each reserved name, by groups."""
    groups = read_yaml(template / "reserved_names.yml")
    return {
        group: {name: reason for reason, names in reasons.items() for name in names.split()}
        for group, reasons in groups.items()
    }


def _dump(content: dict[str, dict[str, Any]]) -> str:
    """Return JSON with a line for each entry, so that changes merge."""
    sections = []
    for name, entries in content.items():
        lines = [f"    {_inline(key)}: {_inline(value)}" for key, value in entries.items()]
        sections.append(f"  {_inline(name)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _inline(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def pythons_of_the_validator(template: Path = TEMPLATE) -> str:
    """Return what the validator knows of the versions of Python, the oldest first."""
    pythons = sorted(read_pythons(template), key=lambda python: python.minor)
    rows = {
        python.version: {
            "end_of_support": python.end_of_support,
            "preview": python.preview,
            "worker": python.worker,
        }
        for python in pythons
    }
    lines = [f"  {_inline(version)}: {_inline(row)}" for version, row in rows.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write both files."""
    text = compiled_data.as_jinja(template_data())
    compiled_data.DATA.write_text(text, encoding="utf-8", newline="\n")
    PYTHONS.write_text(pythons_of_the_validator(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
