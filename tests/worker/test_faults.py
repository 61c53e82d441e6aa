"""What stops the host, what puts one function in error, and what passes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.support.samples import BUNDLE
from tests.worker.exchange import Binding
from tests.worker.faults import (
    BEHAVIOR,
    Faults,
    HostStopped,
    find_faults,
    is_schedule,
    read_host_json,
)
from tests.worker.routing import read_routes

SETTINGS = {"Orders": "UseDevelopmentStorage=true", "AzureWebJobsMain": "x", "Hub__endpoint": "x"}
HEALTHY = {"hello": [{"type": "httpTrigger", "name": "req"}]}


def http(route: str | None = None, methods: Sequence[str] | None = None) -> list[Binding]:
    return [{"type": "httpTrigger", "name": "req", "route": route, "methods": methods}]


def queue(**fields: str) -> list[Binding]:
    return [
        {"type": "queueTrigger", "name": "m", "queueName": "q", "connection": "Orders"} | fields
    ]


def timer(schedule: str) -> list[Binding]:
    return [{"type": "timerTrigger", "name": "t", "schedule": schedule}]


def hub(connection: str) -> list[Binding]:
    return [{"type": "eventHubTrigger", "name": "e", "connection": connection}]


def host_json(bundle: bool = True, **options: Any) -> str:
    return json.dumps(
        {"version": "2.0", **({"extensionBundle": BUNDLE} if bundle else {}), **options}
    )


def faults_of(functions: Mapping[str, list[Binding]], text: str | None = None) -> Faults:
    content = read_host_json(text or host_json())
    return find_faults(functions, read_routes(functions, content.prefix), content, SETTINGS)


# What the host does; of the functions in error it lists all but those that are UNLISTED.
STOPS, IN_ERROR, UNLISTED, PASSES = "stops", "in error", "in error and not listed", "passes"
# For each fault of behavior.json: what the host does, functions that have it, and host.json.
FAULTY: Sequence[tuple[str, str, dict[str, list[Binding]], str]] = [
    ("host.json cannot be read", STOPS, {}, '{"version": "2.0"'),
    ("host.json cannot be read", STOPS, {}, "[]"),
    ("host.json has a wrong value", STOPS, {}, "{}"),
    ("host.json has a wrong value", STOPS, {}, '{"version": "1.0"}'),
    ("host.json has a wrong value", STOPS, {}, '{"Version": "2.0"}'),
    ("host.json has a wrong value", STOPS, {}, host_json(functionTimeout=600)),
    ("host.json has a wrong value", STOPS, {}, host_json(functionTimeout="00:00:00")),
    ("host.json has a wrong value", STOPS, {}, host_json(functionTimeout="soon")),
    ("host.json has a wrong value", STOPS, {}, host_json(retry={"strategy": "fixedDelay"})),
    ("host.json has a wrong value", STOPS, {}, host_json(extensions={"queues": {"batchSize": 33}})),
    ("host.json has a wrong value", STOPS, {}, host_json(logging={"logLevel": {"default": "Verbose"}})),
    ("a route cannot be mapped", STOPS, {"f": http("/hello")}, ""),
    ("a route cannot be mapped", STOPS, {"f": http("a//b")}, ""),
    ("a route cannot be mapped", STOPS, {"f": http("f")}, host_json(extensions={"http": {"routePrefix": "v1/"}})),
    ("a route cannot be mapped", STOPS, {"f": http("f")}, host_json(extensions={"HTTP": {"RoutePrefix": "/"}})),
    ("names differ in case only", STOPS, {"Hello": http("x"), "f": timer("0 0 3 * * *")}, ""),
    ("a setting of an Event Hubs trigger is missing", STOPS, {"f": hub("Nothing")}, ""),
    ("the name of a function", UNLISTED, {"_f": http("x")}, ""),
    ("the name of a function", UNLISTED, {"host": http("x")}, ""),
    ("the name of a binding", IN_ERROR, {"f": queue(name="my__m")}, ""),
    ("a reserved route", IN_ERROR, {"f": http("Administer")}, ""),
    ("the route of another function", IN_ERROR, {"z": http("Hello/", ["GET"])}, ""),
    ("a setting of a trigger is missing", IN_ERROR, {"f": queue(connection="Nothing")}, ""),
    ("a setting of a trigger is missing", IN_ERROR, {"f": queue(queueName="%NOTHING%")}, ""),
    ("a setting of a trigger is missing", IN_ERROR, {"f": timer("%NOTHING%")}, ""),
    ("a setting of another binding is missing", PASSES, {"f": [*timer("0 0 3 * * *"), {"type": "queue", "name": "o", "connection": "Nothing"}]}, ""),
    ("an unknown type of a binding", IN_ERROR, {"f": queue(type="someTrigger")}, ""),
    ("no extension bundle", IN_ERROR, {"f": queue()}, host_json(bundle=False)),
    ("an invalid schedule", IN_ERROR, {"f": timer("@daily")}, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("harm", "functions", "text"),
    [row[1:] for row in FAULTY],
    ids=[f"{n}: {row[0]}" for n, row in enumerate(FAULTY)],
)
def test_a_fault(harm: str, functions: dict[str, list[Binding]], text: str) -> None:
    if harm == STOPS:
        with pytest.raises(HostStopped):
            faults_of({**HEALTHY, **functions}, text)
        return
    faults = faults_of({**HEALTHY, **functions}, text)
    assert list(faults.in_error) == ([] if harm == PASSES else list(functions))
    assert list(faults.unlisted) == (list(functions) if harm == UNLISTED else [])


def test_every_fault_has_a_test() -> None:
    assert {row[0] for row in FAULTY} == set(BEHAVIOR["faults"])
    assert {fault["harm"] for fault in BEHAVIOR["faults"].values()} == {
        "host stops",
        "function in error",
        "passes",
    }
    assert {fault["known"] for fault in BEHAVIOR["faults"].values()} <= {"measured", "read"}


@pytest.mark.parametrize(
    "functions",
    [
        {"f": queue(), "b": http("x", ["GET"]), "a": http("x", ["POST"])},
        {"f": queue(connection="Main"), "g": queue(connection=""), "h": hub("Hub")},
        {"f": queue(name="_m"), "a-b": timer("1:00:00"), "n": timer("0 */5 8-18 * jan MON,fri")},
        {"x1": http("x/{a}"), "x2": http("x/{b}")},
    ],
)
def test_what_the_host_takes(functions: dict[str, list[Binding]]) -> None:
    assert faults_of(functions) == Faults()


@pytest.mark.parametrize(
    "text",
    [
        '{// x\n"version": "2.0", }',
        '\ufeff{"version": "2.0"}',
        host_json(functionTimeout="-1"),
        host_json(functionTimeout="10"),
        host_json(unknown={"a": 1}, queues={"batchSize": 99}),
        host_json(extensions={"queues": {"batchSize": "8", "maxPollingInterval": 2000}}),
        host_json(
            retry={"strategy": "fixedDelay", "maxRetryCount": 2, "delayInterval": "00:00:02"}
        ),
        host_json(logging="x"),
    ],
)
def test_what_host_json_may_say(text: str) -> None:
    assert faults_of(HEALTHY, text) == Faults()


@pytest.mark.parametrize(
    ("text", "prefix"), [("null", ""), ('"v1/shop"', "v1/shop"), ("5", "5"), ('""', "")]
)
def test_the_prefix(text: str, prefix: str) -> None:
    content = read_host_json(host_json(extensions={"http": {"routePrefix": json.loads(text)}}))
    assert content.prefix == prefix


@pytest.mark.parametrize(
    "schedule",
    ["0 0 3 * * * *", "0 0 3 * * 7", "60 0 3 * * *", "0 0 24 * * *", "0 0 L * *", "0 0 3 ? * *", "", "daily", "0 0 3 * x *"],
)  # fmt: skip
def test_schedules_that_the_host_refuses(schedule: str) -> None:
    assert not is_schedule(schedule)
