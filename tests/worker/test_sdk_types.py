"""What functions get of the types of SDKs, and what becomes of messages that they settle."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.worker.client import run_project
from tests.worker.exchange import (
    AmqpMessage,
    BindingData,
    Call,
    Result,
    TypedValue,
)
from tests.worker.invocations import Expected, Invocation
from tests.worker.small_apps import HEAD, TEXT, write_project

SDK_APP = (
    HEAD
    + """
import logging
from typing import List
from azurefunctions.extensions.bindings import blob, eventhub, servicebus


@app.queue_trigger("message", queue_name="q", connection="C")
@app.blob_input("client", path="c/n", connection="C")
def read(message: func.QueueMessage, client: blob.BlobClient) -> None:
    logging.info(client.url)


@app.event_hub_message_trigger("events", event_hub_name="h", connection="C", cardinality="many")
def batch(events: List[eventhub.EventData]) -> None:
    for event in events:
        logging.info("%s %s %s", event.sequence_number, event.message_id, event.properties)


@app.service_bus_queue_trigger("message", queue_name="q", connection="C")
def settle(
    message: servicebus.ServiceBusReceivedMessage,
    actions: servicebus.ServiceBusMessageActions,
) -> None:
    logging.info("%s %s", message.message_id, message.application_properties)
    actions.renew_message_lock(message) if str(message) == "renew" else None
    actions.abandon(message)
    actions.deadletter(message, deadletter_reason="r", deadletter_error_description="d")
    actions.defer(message)
    actions.complete(message)
    if str(message) == "fail":
        raise ValueError("too late")


@app.service_bus_queue_trigger("message", queue_name="q", connection="C")
def leave(message: servicebus.ServiceBusReceivedMessage) -> None:
    logging.info("%s %s", message.sequence_number, message.lock_token)
"""
)
TOKEN = "87931fd2-39f4-415a-9fdc-adfdcbed3148"


def of_sdk(source: str, content: str | AmqpMessage) -> TypedValue:
    return TypedValue("model_binding_data", BindingData(source, content))


def message_of_sdk(body: bytes) -> TypedValue:
    content = AmqpMessage(body, {"message_id": "m"}, {"a": 1}, {"x-opt-sequence-number": 7}, TOKEN)
    return of_sdk("AzureServiceBusReceivedMessage", content)


EVENTS = TypedValue(
    "collection_model_binding_data",
    [
        BindingData("AzureEventHubsEventData", AmqpMessage(b"", {"message_id": "m"})),
        BindingData(
            "AzureEventHubsEventData",
            AmqpMessage(b"", {}, {"a": "b"}, {"x-opt-sequence-number": 8}),
        ),
    ],
)
BLOB = of_sdk("AzureStorageBlobs", '{"Connection": "C", "ContainerName": "c", "BlobName": "n"}')
CALLS_OF_SDK: Mapping[str, Call] = {
    "blob": Call("read", {**TEXT, "client": BLOB}),
    "events": Call("batch", {"events": EVENTS}),
    "settle": Call("settle", {"message": message_of_sdk(b"")}),
    "settle and fail": Call("settle", {"message": message_of_sdk(b"fail")}),
    "renew the lock": Call("settle", {"message": message_of_sdk(b"renew")}),
    "leave": Call("leave", {"message": message_of_sdk(b"")}),
}


@pytest.fixture(scope="module")
def sdk_results(
    worker_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Result]:
    project = write_project(
        tmp_path_factory.mktemp("project"),
        {
            "function_app.py": SDK_APP,
            "local.settings.json": '{"Values": {"C": "UseDevelopmentStorage=true"}}',
        },
    )
    items = [Invocation(title, call, Expected()) for title, call in CALLS_OF_SDK.items()]
    report = run_project(worker_python, project, items)
    assert report.rejection is None
    return dict(zip(CALLS_OF_SDK, report.results, strict=True))


def test_a_client_of_an_sdk(sdk_results: Mapping[str, Result]) -> None:
    assert sdk_results["blob"].logs == ["http://127.0.0.1:10000/devstoreaccount1/c/n"]


def test_events_of_an_sdk(sdk_results: Mapping[str, Result]) -> None:
    assert sdk_results["events"].logs == ["None m {}", "8 None {b'a': b'b'}"]


@pytest.mark.parametrize("title", ["settle", "settle and fail"])
def test_what_a_function_does_with_a_message(sdk_results: Mapping[str, Result], title: str) -> None:
    settled = sdk_results[title].outputs["$settled"]
    assert settled.kind == "json"
    assert json.loads(str(settled.value)) == [
        {"abandon": TOKEN},
        {"deadletter": TOKEN, "reason": "r", "description": "d"},
        {"defer": TOKEN},
        {"complete": TOKEN},
    ]
    assert (sdk_results[title].failure is None) == (title == "settle")
    assert sdk_results[title].logs[-1] == "m {b'a': 1}"


def test_a_message_that_is_left_alone(sdk_results: Mapping[str, Result]) -> None:
    assert (sdk_results["leave"].outputs, sdk_results["leave"].failure) == ({}, None)
    assert sdk_results["leave"].logs[-1] == f"7 {TOKEN}"


def test_what_the_settlement_service_does_not_do_is_a_failure(
    sdk_results: Mapping[str, Result],
) -> None:
    failure = sdk_results["renew the lock"].failure
    assert failure is not None
    assert "UNIMPLEMENTED" in failure.message
    assert sdk_results["renew the lock"].outputs == {}
