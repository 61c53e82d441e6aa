"""The commands in the README of an app without infra/, and the apps whose commands the tests run."""

from pathlib import Path

from hooks.catalogue import Kind
from tests.support.catalogue import BY_ID, every_on_flex, with_scheduler
from tests.support.markdown import blocks
from tests.support.readme import section
from tests.support.stand_ins import Call, StandIns

ON_PREMIUM = {
    "notices": "rabbitmq",
    "uploads": "blob",
    "jobs": "redis",
    "changes": "cosmosdb",
    "alive": "http_health",
}
APPS: dict[str, dict[str, str]] = {
    "http": {"hello": "http"},
    "every kind": every_on_flex(),
    "premium": ON_PREMIUM,
    "container": {"levels": "dapr_topic", "orders": "queue", "customers": "mysql"},
    "queue": {"new_orders": "queue"},
    "topic": {"news": "servicebus_topic"},
    "read": {"item": "cosmosdb_input"},
    "database": {"price": "sql_input"},
    "blobs": {"my_uploads": "blob_eventgrid"},
    "vault": {"customers": "mysql"},
    "durable": {"bill": "durable"},
    "audit": {"changes": "cosmosdb_all_versions"},
    "web pubsub": {"my_notes": "webpubsub"},
}


def script(app: Path) -> str:
    """Return the first block of commands in the section Deploy."""
    return blocks(section(app, "Deploy"))[0]


def run_commands(app: Path, folder: Path) -> list[Call]:
    """Return the calls that the commands of an app make; the programs that they call are written into the folder."""
    programs = StandIns(folder / "stand-ins", "az", "func", "python", "sqlcmd")
    return programs.run(script(app), app)


def asked(calls: list[Call], command: str) -> list[Call]:
    """Return the calls of a command."""
    return [call for call in calls if call.command == command]


def kinds_of(functions: dict[str, str]) -> list[tuple[str, Kind]]:
    """Return the names of functions with their kinds."""
    return [(name, with_scheduler(BY_ID[id])) for name, id in functions.items()]
