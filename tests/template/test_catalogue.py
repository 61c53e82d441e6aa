"""What every kind's folder must hold, so that nothing else needs to know the kind."""

import ast
import json
import re
from pathlib import Path

import pytest

from hooks import compiled_data
from hooks.catalogue import TEMPLATE, Kind, offered_groups
from tests.support.catalogue import KINDS, RESERVED_NAMES, SERVICES, can_be_several, with_scheduler
from tests.support.run import run
from tests.support.text_files import read

CATALOGUE = TEMPLATE / "catalogue"
SHARED = TEMPLATE / "shared"
# Four lines of a README.
LONGEST_PARAGRAPH = 4 * 118
# What a terminal with 60 columns shows of a choice.
LABEL_WIDTH = 55
DIRECTIONS = ["trigger", "input", "output"]
CONNECTION = re.compile(
    r'\b(?:connection|connection_string_setting|connectionStringSetting|broker_list)="%?(\w+)%?"'
    r'|^CONNECTION = "(\w+)"$',
    re.MULTILINE,
)
# What the template makes for a function, by the service that has it: the arguments that name it.
RESOURCE = re.compile(
    r"\b(?:queue_name|queueName|hub|topic_name|event_hub_name|table_name|container_name|lease_container_name|path)="
    r'"([\w-]+)'
    r'|^(?:CONTAINER|QUEUE|TABLE) = "([\w-]+)"$',
    re.MULTILINE,
)
RESERVED = {
    name
    for group in ("everywhere", "functions")
    for names in RESERVED_NAMES[group].values()
    for name in names.split()
}
# Settings that an extension demands on a developer's machine, where Azure does not make them.
OF_EXTENSIONS = {"PYTHON_ENABLE_WORKER_EXTENSIONS", "WEBSITE_SITE_NAME"}
# The storage that every app has; the identity of the app is its Storage Blob Data Owner.
OF_HOST = "AzureWebJobsStorage"
SOURCES = ["blueprint.py", "test_blueprint.py"]

kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
sources = pytest.mark.parametrize("source", SOURCES)


def all_sources(kind: Kind) -> list[Path]:
    """Return a kind's modules and their tests, and those of what it shares."""
    shared = [SHARED / f"{prefix}{name}.py" for name in kind.shared for prefix in ("", "test_")]
    return [*(kind.folder / source for source in SOURCES), *shared]


def code(kind: Kind) -> str:
    """Return the text of a kind's module and of those that it shares."""
    paths = [kind.folder / "blueprint.py", *(SHARED / f"{name}.py" for name in kind.shared)]
    return "\n".join(read(path) for path in paths)


def takes_an_sdk_type(kind: Kind) -> bool:
    """Whether a binding gives a kind's function a type of an SDK of Azure."""
    return "azurefunctions.extensions.bindings" in code(kind)


def module_names(tree: ast.Module) -> set[str]:
    """Return the names that a module imports or defines."""
    names: set[str] = set()
    for node in tree.body:
        match node:
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name for alias in aliases}
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.Expr(value=ast.Constant()):
                pass
            # How much an SDK or a server logs.
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="setLevel" | "addFilter"))):
                pass
            # Where the files of agents are.
            case ast.Expr(value=ast.Call(func=ast.Name(id="configure_app"))):
                pass
            case _:
                pytest.fail(f"line {node.lineno}: only imports and definitions belong at the top")
    return names


def test_the_index_names_every_folder() -> None:
    folders = sorted(path.parent.name for path in CATALOGUE.glob("*/kind.yml"))
    assert sorted(kind.id for kind in KINDS) == folders


def test_the_choices_of_the_prompt_fit_a_terminal() -> None:
    prompt = compiled_data.read()["prompt"]
    headings = [choice for choice in prompt.values() if isinstance(choice, dict)]
    shown = [
        label if isinstance(choice, str) else f"{label} ({choice['validator']})"
        for label, choice in prompt.items()
    ]
    assert [label for label in shown if len(label) > LABEL_WIDTH] == []
    assert len(prompt) == len([kind for kind in KINDS if not kind.retired]) + len(headings)
    assert len({kind.title for kind in KINDS}) == len(KINDS)


def test_the_triggers_of_a_group_come_first() -> None:
    for kinds in offered_groups(KINDS).values():
        words = [kind.title.split(" (")[0].split()[-1].removesuffix("s") for kind in kinds]
        directions = [DIRECTIONS.index(word) for word in words if word in DIRECTIONS]
        assert directions == sorted(directions)


def test_every_service_is_used() -> None:
    assert set(SERVICES) == {with_scheduler(kind).service for kind in KINDS} - {""}


@kinds
def test_it_says_at_the_prompt_that_it_needs_the_preview_bundle(kind: Kind) -> None:
    assert ("preview" in kind.help) == (kind.bundle == "preview")


@kinds
def test_a_kind_is_one_folder_of_known_files(kind: Kind) -> None:
    files = {path.name for path in kind.folder.iterdir() if path.name != "__pycache__"}
    tables = {"table.sql"} if kind.service and SERVICES[kind.service].tables else set()
    instructions = {"instructions.md"} if kind.instructions else set()
    assert files == {"kind.yml", "invocations.yml", *SOURCES, *tables, *instructions}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS if kind.service and SERVICES[kind.service].tables],
    ids=lambda kind: kind.id,
)
def test_its_table_can_be_created_twice_and_is_the_one_that_its_code_names(kind: Kind) -> None:
    statements = read(kind.folder / "table.sql")
    [table] = re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\S+)", statements)
    assert {f"table {table}", f"changes of table {table}"} & {
        kind.source,
        *kind.reads,
        *kind.writes,
    }
    assert table in code(kind)
    # Each statement at the beginning of a line asks first.
    begins = re.findall(r"(?m)^(?!\))\S.*", statements)
    assert [line for line in begins if not re.search(r"^IF |IF NOT EXISTS", line)] == []
    assert "{" not in statements
    assert "database/" + kind.service + ".sql" in code(kind)


@kinds
def test_it_says_how_to_try_it(kind: Kind) -> None:
    assert kind.command
    # An app can have several functions of a kind, and the command must reach the right one.
    named = kind.placeholder.replace("_", "") in re.sub("[-_]", "", kind.command).lower()
    assert named == can_be_several(kind)


@kinds
def test_its_texts_fit_into_the_table_of_the_readme(kind: Kind) -> None:
    assert kind.summary.endswith(".")
    assert not re.search(r'[|"]', "".join([kind.summary, kind.source, *kind.reads, *kind.writes]))


@kinds
def test_its_resources_are_those_that_its_code_names(kind: Kind) -> None:
    resources = kind.resources
    types = set(SERVICES[kind.service].resources if kind.service else ())
    named = {name or other for name, other in RESOURCE.findall(code(kind))} if types else set()
    assert {next(iter(resource.values())) for resource in resources} == named
    assert {next(iter(resource)) for resource in resources} <= types
    partitioned = {"partition_key" in resource for resource in resources}
    assert partitioned == ({kind.service == "cosmosdb"} if resources else set())
    assert all(("topic" in resource) == ("subscription" in resource) for resource in resources)


@kinds
def test_its_names_are_those_that_a_function_must_not_have(kind: Kind) -> None:
    tree = ast.parse(read(kind.folder / "blueprint.py"))
    taken = {name for name in module_names(tree) if re.fullmatch(r"[a-z]\w*", name)}
    assert list(kind.names) == sorted(
        taken - RESERVED - {kind.placeholder, *kind.functions_of(kind.placeholder)}
    )


@kinds
@sources
def test_its_sources_are_python_without_jinja(kind: Kind, source: str) -> None:
    text = read(kind.folder / source)
    ast.parse(text, feature_version=(3, 10))
    assert re.findall(r"{{|{%|{#", text) == []


@kinds
@sources
def test_its_sources_name_the_function_only_by_the_placeholder(kind: Kind, source: str) -> None:
    text = read(kind.folder / source)
    assert re.search(rf"\b{kind.placeholder}\b", text)
    others = {other.placeholder for other in KINDS} - {kind.placeholder}
    assert [other for other in others if re.search(rf"\b{other}\b", text)] == []


def test_every_module_that_is_shared_is_used_and_has_tests() -> None:
    of_options = {"telemetry", "web_trace", "invocations"}
    names = {*of_options, *(name for kind in KINDS for name in kind.shared)}
    files = {f"{prefix}{name}.py" for name in names for prefix in ("", "test_")}
    found = {path.name for path in SHARED.iterdir() if path.name != "__pycache__"}
    assert found == {*files, "__init__.py"}


@kinds
def test_it_imports_what_it_shares(kind: Kind) -> None:
    """A function called shared_cosmos would have the tests of shared/cosmos.py."""
    tree = ast.parse(read(kind.folder / "blueprint.py"))
    modules = {module for node in ast.walk(tree) for module in imported_modules(node)}
    imported = {module for module in modules if module.startswith("shared.")}
    for module in sorted(imported):
        source = read(SHARED / f"{module.removeprefix('shared.')}.py")
        imported |= {f"shared.{name}" for name in re.findall(r"(?m)^from shared\.(\w+)", source)}
    assert imported == {f"shared.{name}" for name in kind.shared}
    assert {f"shared_{name}" for name in kind.shared} <= RESERVED


@pytest.mark.parametrize("path", sorted(SHARED.glob("*.py")), ids=lambda path: path.name)
def test_what_is_shared_is_python_of_no_function(path: Path) -> None:
    text = read(path)
    ast.parse(text, feature_version=(3, 10))
    assert re.findall(r"{{|{%|{#|_example|-example", text) == []


@kinds
def test_it_defines_its_functions_on_a_blueprint(kind: Kind) -> None:
    tree = ast.parse(read(kind.folder / "blueprint.py"))
    defined = [
        name_in_azure(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(ast.unparse(decorator).startswith("bp.") for decorator in node.decorator_list)
    ]
    assert sorted(defined) == sorted(kind.functions_of(kind.placeholder))


def name_in_azure(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the name of a function, or the one that its decorator function_name gives it."""
    for decorator in map(ast.unparse, function.decorator_list):
        if named := re.fullmatch(r"bp\.function_name\('(\w+)'\)", decorator):
            return named[1]
    return function.name


@kinds
def test_its_connection_is_that_of_its_service(kind: Kind) -> None:
    service = kind.service
    named = {"".join(groups) for groups in CONNECTION.findall(code(kind))} - {OF_HOST}
    assert named == ({SERVICES[service].connection} if service else set())


@kinds
def test_its_settings_are_those_that_its_bindings_or_its_code_name(kind: Kind) -> None:
    text = CONNECTION.sub("", code(kind)) + json.dumps(kind.host)
    settings = set(kind.settings)
    named = re.findall(r'%(\w+)%|os\.environ\["(\w+)"\]|os\.environ\.get\("(\w+)"', text)
    assert {"".join(groups) for groups in named} == settings - OF_EXTENSIONS


@kinds
def test_the_host_does_not_parse_the_events_of_its_batches(kind: Kind) -> None:
    """Else one event that is not JSON would lose the batch, before the function is called.

    As text, an empty event would do the same, but not one of Kafka, which is wrapped in JSON. An SDK type is not parsed.
    """
    for node in ast.walk(ast.parse(code(kind))):
        if isinstance(node, ast.Call):
            arguments = {item.arg: ast.unparse(item.value) for item in node.keywords}
            if arguments.get("cardinality") == "'many'" and not takes_an_sdk_type(kind):
                type_ = "string" if kind.service == "kafka" else "binary"
                assert arguments.get("data_type") == repr(type_)


OWNERS = """
import importlib.metadata, json, pathlib, sys
owners = {}
for distribution in importlib.metadata.distributions():
    name = distribution.metadata["Name"].lower()
    for file in distribution.files or ():
        if file.suffix == ".py":
            module = file.parent if file.name == "__init__.py" else file.with_suffix("")
            owners[".".join(module.parts)] = name
print(json.dumps(owners))
"""


@pytest.fixture(scope="module")
def owners(worker_python: Path) -> dict[str, str]:
    """The distribution that each module of the generated apps comes from."""
    owners: dict[str, str] = json.loads(run(worker_python, "-c", OWNERS).stdout)
    return owners


@kinds
def test_it_requires_what_its_modules_import(kind: Kind, owners: dict[str, str]) -> None:
    """Else it would run only beside a kind that requires the same package."""
    imported = {
        owners[module]
        for source in all_sources(kind)
        for node in ast.walk(ast.parse(read(source)))
        for module in imported_modules(node)
        if module in owners
    }
    requirements = kind.requirements
    named = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}
    assert imported - {"azure-functions", "pytest"} == named


def imported_modules(node: ast.AST) -> list[str]:
    """Return the modules that a node imports: of `from a import b`, both a and a.b."""
    match node:
        case ast.Import(names=aliases):
            return [alias.name for alias in aliases]
        case ast.ImportFrom(module=str(module), names=aliases):
            return [module, *(f"{module}.{alias.name}" for alias in aliases)]
    return []


@kinds
def test_no_paragraph_on_deploying_it_is_longer_than_four_lines(kind: Kind) -> None:
    paragraphs = [text for text in kind.publish.split("\n\n") if "```" not in text]
    assert [text for text in paragraphs if len(text) > LONGEST_PARAGRAPH] == []
