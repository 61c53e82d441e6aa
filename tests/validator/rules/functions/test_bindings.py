"""Names and bindings that the host rejects."""

import textwrap

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.binding_files import STORAGE, codes, function
from tests.validator.rules.settings_files import local

NAMED = """
    import azure.functions as func

    bp = func.Blueprint()


    @bp.function_name("{}")
    @bp.route(route="hello")
    def hello(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse()
    """


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1st", ["AF201"]),
        ("Host", ["AF201"]),
        ("a b", ["AF201"]),
        ("a-b", []),
        ("a" * 128, []),
        ("a" * 129, ["AF201"]),
    ],
)
def test_the_name_of_a_function(plant: Plant, find: Find, name: str, expected: list[str]) -> None:
    app = plant({"blueprints/hello.py": NAMED.format(name)})
    assert [finding.code for finding in find(app, "AF2")] == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        (f"queue_trigger('x', 'my_queue', {STORAGE})", ["AF202"]),
        (f"queue_trigger('x', 'a', {STORAGE})", ["AF202"]),
        (f"queue_trigger('x', 'Orders', {STORAGE})", []),
        (f"queue_trigger('x', '%QUEUE_NAME%', {STORAGE})", []),
        (f"blob_trigger('x', 'My/{{name}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', '/samples/{{name}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', 'samples', {STORAGE})", []),
        (f"blob_trigger('x', '{{box}}/{{name}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', 'INBOX/{{name}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', 'samples/{{na.me}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', 'samples/{{DateTime:yyyy}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', 'samples/{{a}}/{{b}}.{{ext}}', {STORAGE})", []),
        (f"blob_trigger('x', 'samples/{{a}}/}}', {STORAGE})", ["AF202"]),
        (f"blob_trigger('x', 'samples/{{{{a}}}}', {STORAGE})", []),
        (f"blob_trigger('x', '$web/{{name}}', {STORAGE})", []),
        (f"blob_trigger('x', '%BOX%/{{name}}', {STORAGE})", []),
        (f"blob_trigger('x', '%BOX/{{name}}', {STORAGE})", ["AF202"]),
        (f"queue_trigger('x', '$web', {STORAGE})", ["AF202"]),
        (f"queue_trigger('x', 'orders-{{id}}', {STORAGE})", ["AF202"]),
        (f"queue_trigger('x', '%Queue%_%QUEUE%', {STORAGE})", ["AF202"]),
        (f"queue_trigger('x', '%Queue%-%QUEUE%', {STORAGE})", []),
        (f"queue_trigger('x', 'ärger', {STORAGE})", ["AF202"]),
    ],
)
def test_the_name_of_a_queue_or_container(
    plant: Plant, decorator: str, expected: list[str]
) -> None:
    files = {
        "blueprints/orders.py": function(f"@bp.{decorator}", "x"),
        "local.settings.json": local(QUEUE="orders"),
    }
    assert [found.code for found in find_problems(plant(files), "AF2")] == expected


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("queue_output('x', 'my_queue', 'S')", ["AF202"]),
        ("queue_output('x', 'Orders-{id}', 'S')", []),
        ("queue_output('x', 'orders_{id}', 'S')", ["AF202"]),
        ("queue_output('x', '{id', 'S')", ["AF202"]),
        ("blob_output('x', 'orders', 'S')", ["AF202"]),
        ("blob_output('x', 'Orders/{id}', 'S')", ["AF202"]),
        ("blob_output('x', '{box}/{id}', 'S')", []),
        ("blob_output('x', 'orders-{box}/{id}', 'S')", []),
        ("blob_output('x', 'Orders-{box}/{id}', 'S')", ["AF202"]),
        ("blob_output('x', 'orders/{sys.randguid}{headers.x-id}', 'S')", []),
        ("blob_output('x', 'orders/{rand-guid:N}-{DateTime:yyyy-MM}', 'S')", []),
        ("blob_output('x', 'orders/{o-id}', 'S')", ["AF202"]),
        ("blob_output('x', 'orders/{Query..id}', 'S')", ["AF202"]),
        ("blob_input('x', 'orders', 'S')", []),
        ("blob_input('x', 'orders/*.csv', 'S')", []),
        ("blob_input('x', 'or/{id}', 'S')", ["AF202"]),
        ("blob_input('x', 'https://x.blob.core.windows.net/a/b', 'S')", []),
        ("table_output('x', 'S', 'my-orders')", ["AF202"]),
        ("table_output('x', 'S', 'Or')", ["AF202"]),
        ("table_output('x', 'S', '2024Orders')", ["AF202"]),
        ("table_output('x', 'S', 'orders_{id}')", ["AF202"]),
        ("table_output('x', 'S', 'Orders{id}')", []),
        ("table_output('x', 'S', '{id}')", []),
        ("table_output('x', 'S', '%TABLE%')", []),
        ("table_input('x', 'S', 'my_orders')", ["AF202"]),
        ("table_input('x', 'S', 'Orders2024')", []),
    ],
)
def test_the_name_of_an_output_or_input(plant: Plant, decorator: str, expected: list[str]) -> None:
    source = function(f"@bp.route(route='orders/{{id}}')\n@bp.{decorator}", "req, x")
    found = find_problems(plant({"blueprints/orders.py": source}), "AF2")
    assert [one.code for one in found] == expected
    assert all("each call of the function fails" in one.fix for one in found)


@pytest.mark.parametrize(
    ("path", "harm"),
    [("In_box/{name}", "the whole host can end"), ("inbox/{}", "the function does not start")],
)
def test_what_happens_with_the_path_of_a_trigger(plant: Plant, path: str, harm: str) -> None:
    source = function(f"@bp.blob_trigger('x', '{path}', {STORAGE})", "x")
    [found] = find_problems(plant({"blueprints/orders.py": source}), "AF2")
    assert harm in found.fix


@pytest.mark.parametrize(
    ("name", "is_valid"),
    [
        ("order_id", True),
        ("_order", True),
        ("order__id", False),
        ("order___id", False),
        ("größe", False),
        ("a" * 129, False),
    ],
)
def test_the_name_of_a_binding(plant: Plant, find: Find, name: str, is_valid: bool) -> None:
    source = function(f"@bp.queue_trigger({name!r}, 'orders', {STORAGE})", f"{name}: str")
    assert codes(plant, find, source) == ([] if is_valid else ["AF209"])


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("order-id", "order_id: str", {"AF113"}),
        ("order__id", "order: str", {"AF113"}),
        ("order__id", "order__id: str", {"AF209"}),
        ("order__id", "order__id: str, other: str", {"AF113", "AF209"}),
    ],
)
def test_a_binding_without_a_parameter_is_not_also_invalid(
    plant: Plant, find: Find, name: str, parameters: str, expected: set[str]
) -> None:
    source = function(f"@bp.queue_trigger({name!r}, 'orders', {STORAGE})", parameters)
    app = plant({"blueprints/orders.py": source})
    assert {one.code for one in find(app) if one.code[:3] in ("AF1", "AF2")} == expected


@pytest.mark.parametrize(
    ("cardinality", "annotation", "expected"),
    [
        ("many", "func.EventHubEvent", ["AF203"]),
        ("many", "typing.List[func.EventHubEvent]", []),
        ("one", "func.EventHubEvent", []),
        ("one", "typing.List[func.EventHubEvent]", ["AF203"]),
        ("one", '"typing.List[func.EventHubEvent]"', ["AF203"]),
        ("one", "typing.Annotated[typing.List[func.EventHubEvent], 'a']", ["AF203"]),
        ("many", "typing.Annotated[typing.List[func.EventHubEvent], 'a']", []),
        ("many", "typing.Annotated[func.EventHubEvent, 'a']", ["AF203"]),
        (None, "typing.List[func.EventHubEvent]", ["AF203"]),
        (None, "func.EventHubEvent", []),
    ],
)
def test_the_cardinality_of_a_trigger(
    plant: Plant, find: Find, cardinality: str | None, annotation: str, expected: list[str]
) -> None:
    chosen = f", cardinality='{cardinality}'" if cardinality else ""
    trigger = f"event_hub_message_trigger('x', {STORAGE}, 'hub', data_type='binary'{chosen})"
    assert codes(plant, find, function(f"@bp.{trigger}", f"x: {annotation}")) == expected


EVENT, EVENTS = "func.EventHubEvent", "typing.List[func.EventHubEvent]"
DATA = "eventhub.EventData"


@pytest.mark.parametrize(
    ("cardinality", "annotation", "body", "expected"),
    [
        ("many", EVENT, "for event in x:\n        print(event)", []),
        ("many", EVENT, "print([event.get_body() for event in x])", []),
        ("many", EVENT, "print(len(x))", []),
        ("many", EVENT, "x = x if isinstance(x, list) else [x]", []),
        ("many", EVENT, "for event in x.metadata:\n        print(event)", ["AF203"]),
        ("many", EVENT, "for event in [x]:\n        print(event)", ["AF203"]),
        ("many", EVENT, "print(x.get_body())", ["AF203"]),
        ("many", DATA, "for event in x:\n        print(event)", ["AF203"]),
        ("one", EVENTS, "x = x if isinstance(x, list) else [x]", []),
        ("one", EVENTS, "for event in x:\n        print(event)", ["AF203"]),
        ("one", EVENTS, "print(isinstance(x[0], list))", ["AF203"]),
    ],
)
def test_a_function_that_treats_its_parameter_as_what_it_receives(
    plant: Plant, cardinality: str, annotation: str, body: str, expected: list[str]
) -> None:
    trigger = f"event_hub_message_trigger('x', {STORAGE}, 'hub', cardinality='{cardinality}')"
    source = textwrap.dedent(function(f"@bp.{trigger}", f"x: {annotation}"))
    source = source.replace("    pass", f"    {body}")
    source = f"import azurefunctions.extensions.bindings.eventhub as eventhub\n{source}"
    found = find_problems(plant({"blueprints/orders.py": source}), "AF203")
    assert body in source
    assert [one.code for one in found] == expected


@pytest.mark.parametrize(
    ("cardinality", "body", "message"),
    [
        ("", "for event in x:\n        print(event)", "one event, and this function uses it as a"),
        ("one", "print(len(x))", "one event, and this function uses it as a list."),
        ("many", "print(x.get_body())", "a list, and this function uses it as one event."),
        ("many", "for event in x:\n        print(event)", ""),
        ("many", "print(x.count(1))", ""),
        ("one", "print(x.get_body())", ""),
        ("one", "for event in x if isinstance(x, list) else [x]:\n        print(event)", ""),
        ("one", "x = [x]\n    print(len(x))", ""),
        ("many", "x = x[0]\n    print(x.get_body())", ""),
    ],
)
def test_a_parameter_without_an_annotation(
    cardinality: str, body: str, message: str, plant: Plant
) -> None:
    chosen = f", cardinality='{cardinality}'" if cardinality else ""
    source = function(f"@bp.event_hub_message_trigger('x', {STORAGE}, 'hub'{chosen})", "x")
    source = textwrap.dedent(source).replace("    pass", f"    {body}")
    found = find_problems(plant({"blueprints/orders.py": source}), "AF203")
    assert body in source
    assert [message in one.message for one in found] == [True] * bool(message)


@pytest.mark.parametrize(
    "trigger",
    [
        f"service_bus_queue_trigger('x', {STORAGE}, 'inbox')",
        f"service_bus_topic_trigger('x', {STORAGE}, 'news', 'mine')",
        "kafka_trigger('x', 'news', 'localhost:9092', consumer_group='mine')",
        "generic_trigger('x', 'eventHubTrigger', eventHubName='hub', connection='AzureWebJobsStorage')",
    ],
)
def test_a_list_needs_the_cardinality_many(plant: Plant, find: Find, trigger: str) -> None:
    source = function(f"@bp.{trigger}", "x: typing.List[func.ServiceBusMessage]")
    found = find(plant({"blueprints/orders.py": source}), "AF203")
    assert [(f.path, f.line) for f in found] == [("blueprints/orders.py", 9)]


def test_a_cardinality_that_the_sources_do_not_show_is_not_reported(plant: Plant) -> None:
    trigger = f"service_bus_queue_trigger('x', {STORAGE}, 'inbox', **OPTIONS)"
    source = function(f"@bp.{trigger}", "x: typing.List[func.ServiceBusMessage]")
    assert find_problems(plant({"blueprints/orders.py": source}), "AF2") == []


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("rabitMQTrigger", ["AF204"]),
        ("RABBITMQTRIGGER", []),
        ("signalRTrigger", []),
        ("ourOwnTrigger", []),
    ],
)
def test_the_type_of_a_generic_binding(
    plant: Plant, find: Find, type: str, expected: list[str]
) -> None:
    options = "hubName='chat', category='messages', event='sent', queueName='orders'"
    source = function(f"@bp.generic_trigger(arg_name='x', type='{type}', {options})", "x: str")
    assert codes(plant, find, source) == expected


def test_two_bindings_of_one_name(plant: Plant, find: Find) -> None:
    source = function(
        f"@bp.queue_trigger(arg_name='m', queue_name='inbox', connection={STORAGE})\n"
        f"@bp.queue_output(arg_name='x', queue_name='one-queue', connection={STORAGE})\n"
        f"@bp.queue_output(arg_name='x', queue_name='two-queue', connection={STORAGE})",
        "m: func.QueueMessage, x: func.Out[str]",
    )
    assert codes(plant, find, source) == ["AF205"]


def test_two_bindings_whose_names_differ_in_case(plant: Plant, find: Find) -> None:
    source = function(
        f"@bp.queue_trigger(arg_name='order', queue_name='inbox', connection={STORAGE})\n"
        f"@bp.queue_output(arg_name='Order', queue_name='one-queue', connection={STORAGE})",
        "order: func.QueueMessage, Order: func.Out[str]",
    )
    [found] = find(plant({"blueprints/orders.py": source}), "AF2")
    assert found.code == "AF205"
    assert "named 'Order' and 'order'" in found.message


def test_two_returned_values(plant: Plant, find: Find) -> None:
    source = function(
        "@bp.route(route='inbox')\n"
        f"@bp.queue_output(arg_name='$return', queue_name='inbox', connection={STORAGE})",
        "req: func.HttpRequest",
    ).replace("-> None", "-> str")
    [found] = find(plant({"blueprints/orders.py": source}), "AF2")
    assert (found.code, found.line) == ("AF205", 9)
    assert "the host does not start it" in found.message
