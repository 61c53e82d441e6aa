"""The events that the commands let Event Grid and Web PubSub send to functions, once these are published."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.az_commands import asked, kinds_of, script
from tests.support.run import run
from tests.support.scripts import write_script
from tests.support.stand_ins import Call


def test_event_grid_calls_the_functions_that_it_triggers_once_they_are_published(
    calls: list[Call], functions: dict[str, str]
) -> None:
    triggered = {name: kind for name, kind in kinds_of(functions) if kind.event_grid}
    topic = "id-of-myapp1234/eventSubscriptions/"
    resources = asked(calls, "az resource create")
    created = [call.option("--id") for call in resources]
    subscriptions = [call for call in resources if call.option("--id").startswith(topic)]
    assert [call.option("--id").removeprefix(topic) for call in subscriptions] == [
        f"{'0-uploads-' if kind.event_grid == 'function' else ''}{name.replace('_', '-')}"
        for name, kind in triggered.items()
    ]
    for (name, kind), call in zip(triggered.items(), subscriptions, strict=True):
        assert calls.index(call) > [one.program for one in calls].index("func")
        content = json.loads(call.option("--properties"))
        address = "https://my-app-1234.azurewebsites.net/runtime/webhooks/blobs"
        query = f"functionName=Host.Functions.{name}&code=systemKeys.blobs_extension-of-my-app-1234"
        assert content["destination"] == (
            {"endpointType": "WebHook", "properties": {"endpointUrl": f"{address}?{query}"}}
            if kind.event_grid == "blob"
            else {
                "endpointType": "AzureFunction",
                "properties": {"resourceId": f"id-of-my-app-1234/functions/{name}"},
            }
        )
        begin = content["filter"]["subjectBeginsWith"]
        container = begin.removeprefix("/blobServices/default/containers/").removesuffix("/")
        dead = content["deadLetterWithResourceIdentity"]["deadLetterDestination"]["properties"]
        assert dead["resourceId"] == "id-of-myapp1234"
        for one in (container, dead["blobContainerName"]):
            assert f"id-of-myapp1234/blobServices/default/containers/{one}" in created
    topics = asked(calls, "az eventgrid system-topic create")
    identities = ["systemassigned"] if triggered else []
    assert [call.option("--identity") for call in topics] == identities


def test_signalr_sends_messages_to_functions_that_are_published(
    calls: list[Call], functions: dict[str, str]
) -> None:
    updates = asked(calls, "az signalr upstream update")
    assert [call.option("--name") for call in updates] == ["sigr-my-app-1234"] * any(
        kind.service == "signalr" for _, kind in kinds_of(functions)
    )
    address = "https://my-app-1234.azurewebsites.net/runtime/webhooks/signalr"
    query = "code=systemKeys.signalr_extension-of-my-app-1234"
    for call in updates:
        assert calls.index(call) > [one.program for one in calls].index("func")
        assert call.values("--template") == [
            "hub-pattern=*",
            "category-pattern=messages",
            "event-pattern=*",
            f"url-template={address}?{query}",
        ]


def test_web_pubsub_sends_events_to_functions_that_are_published(
    calls: list[Call], functions: dict[str, str]
) -> None:
    hubs = [call for call in asked(calls, "az resource create") if "/hubs/" in call.option("--id")]
    wanted = [name for name, kind in kinds_of(functions) if kind.service == "webpubsub"]
    ids = [call.option("--id") for call in hubs]
    assert ids == [f"id-of-wps-my-app-1234/hubs/{name}" for name in wanted]
    for call in hubs:
        assert calls.index(call) > [one.program for one in calls].index("func")
        [handler] = json.loads(call.option("--properties"))["eventHandlers"]
        assert handler["urlTemplate"] == (
            "https://my-app-1234.azurewebsites.net/runtime/webhooks/webpubsub"
            "?code=systemKeys.webpubsub_extension-of-my-app-1234"
        )
        assert handler["systemEvents"] == ["connect", "connected"]


@pytest.mark.parametrize("shell", ["bash", "dash"])
@pytest.mark.parametrize(
    ("kind", "command"),
    [("signalr", "signalr upstream update"), ("webpubsub", "resource create --id /hubs/mine")],
)
def test_an_app_without_a_key_yet_gets_no_address_without_one(
    kind: str, command: str, shell: str, render: Callable[..., Path], tmp_path: Path
) -> None:
    """For some time after the app is published, az prints nothing and ends without an error."""
    _, connect = script(render({"mine": kind})).split("--build remote\n")
    az = 'case "$*" in *keys*) printf %s "$KEY" ;; *) echo "$@" ;; esac'
    write_script(tmp_path / "az", az)
    names = {"APP": "my-app", "GROUP": "my-group", "webpubsub_id": "", "KEY": ""}
    environment = {**names, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    refused = run(shell, "-c", connect, environment=environment, status=None)
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert "The app has no key yet. Try again in a minute." in refused.stderr
    done = run(shell, "-c", connect, environment={**environment, "KEY": "abc"})
    assert done.stdout.startswith(command)
    assert "?code=abc" in done.stdout
