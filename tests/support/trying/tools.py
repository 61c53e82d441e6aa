"""Plays the tools that a README's commands use; ToolFailed for options and values that they do not have."""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient

from .noted import Message

# What `pip install` adds to an app for a command.
PACKAGES = {"azure-cosmos", "azure-eventhub", "azure-servicebus", "confluent-kafka"}
AZURITE = "UseDevelopmentStorage=true"


class ToolFailed(Exception):
    """A tool would not take its arguments, or is not played; the message says which."""


class Parser(argparse.ArgumentParser):
    """Raises ToolFailed for wrong arguments, and takes no abbreviations."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(allow_abbrev=False, add_help=False)

    def error(self, message: str) -> NoReturn:
        """Raise it."""
        raise ToolFailed(message)


class Tools:
    """The tools of one shell. `azurite` is the connection string of Azurite; messages go to the list."""

    def __init__(self, azurite: str, messages: list[Message]) -> None:
        self._azurite = azurite
        self._messages = messages
        self.play: Mapping[str, Callable[[Sequence[str]], str]] = {
            "az": self.az,
            "dapr": self.dapr,
            "docker": self.docker,
            "pip": self.pip,
        }

    def az(self, arguments: Sequence[str]) -> str:
        """Play `az storage` on Azurite."""
        parser = Parser()
        parser.add_argument("group", choices=["storage"])
        types = parser.add_subparsers(dest="type", required=True)
        verbs = {
            type: types.add_parser(type).add_subparsers(dest="verb", required=True)
            for type in ("container", "blob", "table", "entity")
        }
        create = verbs["container"].add_parser("create")
        upload = verbs["blob"].add_parser("upload")
        show = verbs["blob"].add_parser("show")
        table = verbs["table"].add_parser("create")
        insert = verbs["entity"].add_parser("insert")
        for command in (create, upload, show, table, insert):
            command.add_argument("--connection-string", required=True, choices=[AZURITE])
        for command in (create, upload, show, table):
            command.add_argument("--name", required=True)
        for command in (upload, show):
            command.add_argument("--container-name", required=True)
        upload.add_argument("--file", required=True, type=Path)
        upload.add_argument("--overwrite", action="store_true")
        show.add_argument("--query", choices=["properties.etag"], required=True)
        show.add_argument("--output", choices=["tsv"], required=True)
        insert.add_argument("--table-name", required=True)
        insert.add_argument("--entity", required=True, nargs="+")
        insert.add_argument("--if-exists", choices=["fail", "merge", "replace"], default="fail")
        return _act(parser.parse_args(arguments), self._azurite)

    def dapr(self, arguments: Sequence[str]) -> str:
        """Play a sidecar that passes on an event or a call."""
        parser = Parser()
        verbs = parser.add_subparsers(dest="verb", required=True)
        publish = verbs.add_parser("publish")
        publish.add_argument("--publish-app-id", choices=["app"], required=True)
        publish.add_argument("--pubsub", choices=["pubsub"], required=True)
        publish.add_argument("--topic", dest="to", required=True)
        invoke = verbs.add_parser("invoke")
        invoke.add_argument("--app-id", choices=["app"], required=True)
        invoke.add_argument("--method", dest="to", required=True)
        for command in (publish, invoke):
            command.add_argument("--data", required=True)
        asked = parser.parse_args(arguments)
        self._messages.append(Message(asked.to, asked.data, {}))
        return ""

    def docker(self, arguments: Sequence[str]) -> str:
        """Play redis-cli in the container of Redis."""
        match arguments:
            case ["compose", "exec", "redis", "redis-cli", "RPUSH", key, entry]:
                self._messages.append(Message(key, entry, {}))
                return ""
            case ["compose", "exec", "redis", "redis-cli", "XADD", key, "*", *fields]:
                values = dict(zip(fields[::2], fields[1::2], strict=True))
                entry = json.dumps({"Id": "1767225600000-0", "Values": values})
                self._messages.append(Message(key, entry, {}))
                return ""
            case _:
                raise ToolFailed(f"docker {arguments} is not played")

    def pip(self, arguments: Sequence[str]) -> str:
        """Install nothing, since everything is there."""
        if len(arguments) != 2 or arguments[0] != "install" or arguments[1] not in PACKAGES:
            raise ToolFailed(f"pip {arguments} is not played")
        return ""


def _act(asked: argparse.Namespace, connection: str) -> str:
    blobs = BlobServiceClient.from_connection_string(connection)
    tables = TableServiceClient.from_connection_string(connection)
    match asked.type, asked.verb:
        case "container", "create":
            # As az does, take one that is there.
            if not blobs.get_container_client(asked.name).exists():
                blobs.create_container(asked.name)
        case "blob", "upload":
            client = blobs.get_blob_client(asked.container_name, asked.name)
            client.upload_blob(asked.file.read_bytes(), overwrite=asked.overwrite)
        case "blob", "show":
            client = blobs.get_blob_client(asked.container_name, asked.name)
            return str(client.get_blob_properties().etag)
        case "table", "create":
            tables.create_table_if_not_exists(asked.name)
        case "entity", "insert":
            entity = dict(pair.split("=", 1) for pair in asked.entity)
            entities = tables.get_table_client(asked.table_name)
            if asked.if_exists == "fail":
                entities.create_entity(entity)
            else:
                entities.upsert_entity(entity, asked.if_exists)
    return ""
