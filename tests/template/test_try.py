"""The commands with which a README lets its reader try the functions: each works, and reaches its function."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from hooks.catalogue import Kind
from tests.support.catalogue import BY_ID, DEFAULT_PYTHON, KINDS, SERVICES
from tests.support.emulators import servers
from tests.support.emulators.extensions import Cosmos, Storage
from tests.support.kind_events import function_name
from tests.support.missing import skip_or_fail
from tests.support.readme import commands_to_try
from tests.support.run import run
from tests.support.text_files import read, read_json
from tests.support.trying.host import Played
from tests.support.trying.shell import shell_in
from tests.worker.client import Invocation, run_project
from tests.worker.exchange import Call, HttpRequest, Result
from tests.worker.invocations import Expected

IN_DOCKER = "its database runs only in Docker"
# Every kind is tried, except these, and why.
NOT_TRIED = {
    "sql": IN_DOCKER,
    "sql_input": IN_DOCKER,
    "mysql": IN_DOCKER,
    "mysql_input": IN_DOCKER,
    "postgresql": IN_DOCKER,
    "servicebus_replay": "its emulator runs only in Docker",
    "http_jwt": "a token needs a tenant",
    "worker_extension": "the worker of its versions of Python is not on PyPI",
}
TRIED = [kind for kind in KINDS if kind.id not in NOT_TRIED]
# How the functions log what they do not take.
REFUSED = ("Dropped", "Refused", "Skipped")


@dataclass(frozen=True)
class Tried:
    """The outcome of a kind's command: the functions that the host called, and their results."""

    events: Sequence[HttpRequest | Call]
    results: Sequence[Result]


def test_the_command_of_every_kind_reaches_its_function(
    render: Callable[..., Path],
    worker_python: Path,
    emulators: Path,
    tmp_path: Path,
) -> None:
    require_curl()
    tried: dict[str, Tried] = {}
    with ExitStack() as running:
        storage = running.enter_context(servers.azurite(emulators))
        cosmos = running.enter_context(servers.cosmosdb_server(emulators))
        connections = {"StorageConnection": storage, "CosmosDBConnection": cosmos}
        for streams in (False, True):
            kinds = [kind for kind in TRIED if kind.streams == streams]
            app = tmp_path / f"app-{streams}"
            shutil.copytree(render({function_name(kind): kind.id for kind in kinds}), app)
            servers.connect(app, connections)
            settings = read_json(app / "local.settings.json")["Values"]
            functions = run_project(worker_python, app).functions
            host = Played(functions, settings, Storage(storage), Cosmos(cosmos))
            create_containers(kinds, host)
            with shell_in(app, worker_python, storage, tmp_path / f"bin-{streams}") as shell:
                events = {
                    kind.id: list(host.events(kind, shell.run(command)))
                    for kind, command in commands(app, kinds)
                }
            tried |= call_functions(worker_python, app, events)
    assert {id: each for id, each in tried.items() if complaints(each)} == {}
    assert set(tried) == {kind.id for kind in KINDS} - set(NOT_TRIED)


def require_curl() -> None:
    """Skip the test without a curl that has the option --json."""
    found = shutil.which("curl")
    version = re.match(r"curl (\d+)\.(\d+)", run(found, "--version").stdout) if found else None
    if version is None or tuple(map(int, version.groups())) < (7, 82):
        skip_or_fail("curl 7.82 or newer is not installed")


def call_functions(
    python: Path, app: Path, events: Mapping[str, Sequence[HttpRequest | Call]]
) -> dict[str, Tried]:
    invocations = [Invocation(id, event, Expected()) for id in events for event in events[id]]
    results = iter(run_project(python, app, invocations).results)
    return {id: Tried(each, [next(results) for _ in each]) for id, each in events.items()}


def create_containers(kinds: Sequence[Kind], host: Played) -> None:
    """Create what a container of Cosmos DB a kind needs, as tools/emulators.py does."""
    database = host.settings.get("COSMOSDB_DATABASE", "")
    for kind in kinds:
        for resource in kind.resources:
            if kind.service == "cosmosdb":
                name = resource["container"].replace("_", "-")
                name = name.replace(
                    kind.placeholder.replace("_", "-"), function_name(kind).replace("_", "-")
                )
                binding = {"databaseName": database, "containerName": name}
                host.cosmos.container(binding, resource["partition_key"])


def commands(app: Path, kinds: Sequence[Kind]) -> Iterator[tuple[Kind, str]]:
    """Yield the command of each kind, as the README prints them, one after the other."""
    rest = commands_to_try(app).rstrip("\n")
    for kind in kinds:
        lines = len(kind.command.split("\n"))
        command, rest = (
            "\n".join(rest.split("\n")[:lines]),
            # With a line between them, unless each is one line.
            "\n".join(rest.split("\n")[lines:]).lstrip("\n"),
        )
        yield kind, command
    assert rest == ""


def complaints(tried: Tried) -> list[str]:
    """Return what shows that a function was not called, failed, or did not take what it got."""
    found = [] if tried.events else ["no event"]
    for event, result in zip(tried.events, tried.results, strict=True):
        if result.failure:
            found.append(result.failure.message)
        if isinstance(event, HttpRequest) and not (result.answer and result.answer.status < 300):
            found.append(f"answer {result.answer}")
        found += [message for message in result.logs if message.startswith(REFUSED)]
    return found


@pytest.mark.parametrize("kind", NOT_TRIED)
def test_what_is_not_tried_is_a_kind(kind: str) -> None:
    found = BY_ID[kind]
    away = ("docker compose exec", "az account get-access-token")
    calls_service = any(name in str(found.requirements) for name in ("asyncpg", "azure-servicebus"))
    is_away = calls_service or any(text in found.command for text in away)
    assert DEFAULT_PYTHON not in found.python or is_away


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if "compose exec" in kind.command], ids=lambda kind: kind.id
)
def test_git_bash_leaves_paths_in_containers_as_they_are(kind: Kind) -> None:
    """It makes `C:/Program Files/Git/opt` of `/opt`, but leaves two slashes, which Linux takes for one."""
    assert re.findall(r"(?<=\s)/(?!/)\S+", kind.command) == []


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if "INSERT INTO" in kind.command], ids=lambda kind: kind.id
)
def test_a_row_fits_the_table_of_its_kind(kind: Kind) -> None:
    [(service, statement)] = re.findall(
        r"compose exec (\w+) .*?(INSERT INTO [^\"]+)", kind.command, re.DOTALL
    )
    assert service in SERVICES[kind.service].containers
    [(table, columns, values)] = re.findall(
        r"INTO (?:app\.)?(\S+) \((.+?)\) VALUES \((.+?)\)", statement
    )
    assert f"table {table}" in [*kind.reads, kind.source.removeprefix("changes of ")]
    [definition] = re.findall(
        rf"(?s)CREATE TABLE (?:IF NOT EXISTS )?{re.escape(table)} \((.+?)\);", sources(kind)
    )
    defined = re.findall(r"(?:^|,)\s*(\w+) \w+", definition)
    assert set(columns.split(", ")) <= set(defined)
    assert len(columns.split(", ")) == len(values.split(", "))


def sources(kind: Kind) -> str:
    return "\n".join(read(path) for path in kind.folder.iterdir() if path.is_file())
