"""What decorators and apps take."""

import json
from pathlib import Path

import pytest

from functions_validator.functions.decorators import DECORATORS
from tests.support.run import run
from tests.support.validator import HEALTHY, Find, Plant, find_problems
from tests.validator.rules.settings_files import ORDERS


def test_a_misspelled_decorator_is_found(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/orders.py"].replace("queue_trigger", "queue_triger")
    [found] = find(plant({"blueprints/orders.py": source}), "AF101", imports=False)
    assert (found.path, found.line) == ("blueprints/orders.py", 8)


@pytest.mark.parametrize(
    ("decorator", "fix"),
    [
        ("http_trigger", 'Write "route" instead.'),
        ("get", 'Write route(..., methods=["GET"]) instead.'),
        ("post", 'Write route(..., methods=["POST"]) instead.'),
        ("http", 'Write "route" instead.'),
        ("on_queue_change", 'Write "queue_trigger" instead.'),
        ("timer", 'Write "timer_trigger" instead.'),
        ("cosmosdb_trigger", 'Write "cosmos_db_trigger" instead.'),
        ("event_hub_trigger", 'Write "event_hub_message_trigger" instead.'),
        ("queue_storage_trigger", 'Write "queue_trigger" instead.'),
        ("orchestrator_trigger", 'Write "orchestration_trigger" instead.'),
        ("webhook_trigger", "Use one that azure.functions has."),
        ("signalr_output", "Use one that azure.functions has."),
        ("kafka_input", "Use one that azure.functions has."),
    ],
)
def test_the_decorator_that_is_meant(decorator: str, fix: str, plant: Plant) -> None:
    source = HEALTHY["blueprints/orders.py"].replace("queue_trigger", decorator)
    [found] = find_problems(plant({"blueprints/orders.py": source}), "AF101")
    assert found.message == f'There is no decorator "{decorator}".'
    assert found.fix == fix


@pytest.mark.parametrize("name", ["get", "web_trigger"])
@pytest.mark.parametrize("added", ["bp.{} = bp.route", "setattr(bp, '{}', bp.route)"])
def test_a_method_that_the_app_adds_is_a_decorator(
    name: str, added: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("route(", f"{name}(")
    source = source.replace("Blueprint()", f"Blueprint()\n{added.format(name)}")
    assert find(plant({"blueprints/hello.py": source}), "AF1") == []


@pytest.mark.parametrize(
    ("old", "new", "line", "fix"),
    [
        ("App()", "App(auth_level=func.AuthLevel.FUNCTION)", 5, "Write http_auth_level instead."),
        ("App()", "App(name='shop')", 5, "Delete it."),
        ("hello.bp)", "hello.bp, url_prefix='/api')", 6, "Delete it, and write the prefix in "),
    ],
)
def test_an_argument_that_an_app_does_not_take(
    old: str, new: str, line: int, fix: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["function_app.py"].replace(old, new)
    [found] = find(plant({"function_app.py": source}), imports=False)
    assert (found.code, found.path, found.line) == ("AF101", "function_app.py", line)
    assert found.fix.startswith(fix)


@pytest.mark.parametrize("call", ["App(**OPTIONS)", "App(http_auth_level=func.AuthLevel.FUNCTION)"])
def test_arguments_that_an_app_takes(call: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["function_app.py"].replace("App()", call)
    source = source.replace("app = ", "OPTIONS = {}\napp = ")
    named = source.replace("functions(hello.bp)", "functions(function_container=hello.bp)")
    assert find(plant({"function_app.py": source}), "AF1") == []
    assert find(plant({"function_app.py": named}), "AF101") == []


@pytest.mark.parametrize(
    ("decorator", "words"),
    [
        ('queue_trigger(arg_name="message", queue="a", connection="OrdersStorage")', "queue_name"),
        ('queue_trigger(arg_name="message", queueName="a", connection="C")', '"queue_name"'),
        ('queue_trigger(arg_name="message", queue_name="a")', 'needs the argument "connection"'),
        ('queue_trigger("message", "a")', 'needs the argument "connection"'),
        ('timer_trigger(arg_name="message", cron="0 * * * * *")', 'needs the argument "schedule"'),
        ('blob_trigger(arg_name="message", path="a/b", conection="C")', '"connection"'),
        ('activity_trigger(arg_name="message")', 'Write "input_name"'),
        ('activity_trigger(input_name="message", nme="x")', "It takes input_name, activity."),
        ('route(path="a", trigger_arg_name="message")', 'has no argument "path"'),
        ('route(route="a", trigger_arg_name="message", authlevel="ANONYMOUS")', "auth_level"),
        ('redis_list_trigger(arg_name="message")', 'no decorator "redis_list_trigger"'),
        ('queues_trigger(arg_name="message")', 'Write "queue_trigger"'),
        ('event_grid_output("message")', "does not name its topic"),
        ('event_grid_output("message", topic_endpoint_uri="U")', "does not name its topic"),
        ('event_grid_output("message", "U", None)', "does not name its topic"),
        ('event_grid_output("message", "U", "K", "C")', "names its topic twice"),
        ('event_grid_output("message", "U", connection="C")', "names its topic twice"),
        ('eventhub_message_trigger(arg_name="message")', 'Write "event_hub_message_trigger"'),
        (
            'queue_trigger("message", "orders", "OrdersStorage", "text")',
            "\"data_type\" cannot be 'text'",
        ),
        ('warm_up_trigger("message", data_type="Bytes")', "UNDEFINED, STRING, BINARY, STREAM"),
        (
            'event_hub_message_trigger("message", "C", "a", cardinality="several")',
            "Choose one of ONE, MANY.",
        ),
        (
            'kafka_trigger("message", "t", "b", key_data_type="text")',
            "Choose one of INT, LONG, STRING, BINARY.",
        ),
        (
            'service_bus_queue_trigger("message", "C", "a", access_rights="send")',
            "Choose one of MANAGE, LISTEN.",
        ),
        ('kafka_trigger("message", "a", "B", protocol="SASL_SSL")', "SASLPLAINTEXT, SASLSSL."),
    ],
)
def test_what_a_decorator_does_not_take_is_found_without_importing(
    decorator: str, words: str, plant: Plant
) -> None:
    source = HEALTHY["blueprints/orders.py"].replace(ORDERS, decorator)
    found = find_problems(plant({"blueprints/orders.py": source}), "AF101")
    assert len(found) == 1
    assert words in f"{found[0].message} {found[0].fix}"


@pytest.mark.parametrize(
    "decorator",
    [
        ORDERS,
        'queue_trigger("message", "orders", "OrdersStorage", "string")',
        'queue_trigger(arg_name="message", queue_name="a", connection="C", new_option=1)',
        'queue_trigger(arg_name="message", queue_name="a", connection="C", data_typ="b")',
        'queue_trigger("message", *ARGUMENTS)',
        "queue_trigger(**ARGUMENTS)",
        'orchestration_trigger(context_name="message", input_type=dict)',
        'generic_trigger(arg_name="message", type="redisListTrigger", listDirection="LEFT")',
        'cosmos_db_trigger(arg_name="message", connection="C", database_name="a", container_name="b")',
        "warm_up_trigger('message')",
        'event_grid_output("message", "U", "K")',
        'event_grid_output("message", connection="C")',
        'event_grid_output("message", "U", "K", connection=CONNECTION)',
        'event_grid_output("message", **ARGUMENTS)',
        'event_hub_message_trigger("message", "C", "a", cardinality="Many", data_type=KIND)',
        'generic_trigger(arg_name="message", type="x", cardinality="several")',
        "my_own_decorator(1)",
    ],
)
def test_what_a_decorator_takes(decorator: str, plant: Plant) -> None:
    source = HEALTHY["blueprints/orders.py"].replace(ORDERS, decorator)
    given = "import json\n\nARGUMENTS, CONNECTION, KIND = json.loads(input())\n"
    assert find_problems(plant({"blueprints/orders.py": given + source}), "AF101") == []


def test_the_table_of_decorators_is_that_of_the_library(worker_python: Path) -> None:
    script = """
import inspect, json
import azure.durable_functions as df
import azure.functions as func

found = {}
for name in {*dir(df.DFApp), *dir(func.FunctionApp)}:
    method = getattr(df.DFApp, name, None) or getattr(func.FunctionApp, name)
    if not name.startswith("_") and callable(method):
        known = [p for p in inspect.signature(method).parameters.values() if p.name != "self"]
        named = [p for p in known if p.kind == p.POSITIONAL_OR_KEYWORD]
        required = sum(p.default is p.empty for p in named)
        found[name] = required, not any(p.kind == p.VAR_KEYWORD for p in known)
print(json.dumps(found))
"""
    library = json.loads(run(worker_python, "-c", script).stdout)
    for name, decorator in DECORATORS.items():
        assert [decorator.required, decorator.is_closed] == library[name], name
