"""Parameters of functions, and the names in their decorators."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.signature_files import orders

NAMED = """
def named(function):
    def called(req: func.HttpRequest) -> func.HttpResponse:
        return function(req)

    called.__name__ = function.__name__
    return called

"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('arg_name="message", queue_name="orders"', 'arg_name="orders", queue_name="message"'),
        ('arg_name="invoice", queue_name="invoices"', '"invoices", "invoice"'),
    ],
)
def test_arguments_that_are_swapped_are_reported_once(
    old: str, new: str, plant: Plant, find: Find
) -> None:
    [source] = orders("message: func.QueueMessage, invoice: func.Out[str]) -> None").values()
    [found] = find(plant({"blueprints/orders.py": source.replace(old, new)}), "AF11")
    assert found.code == "AF113"
    name = "message" if "message" in old else "invoice"
    assert found.fix == f'Its arguments may be swapped: write arg_name="{name}".'


@pytest.mark.parametrize(
    ("signature", "fix"),
    [
        (
            "msg: func.QueueMessage, invoice: func.Out[str])",
            'Rename it to "message", or write arg_name="msg" in the decorator.',
        ),
        (
            "message: func.QueueMessage, bill: func.Out[str])",
            'Rename it to "invoice", or write arg_name="bill" in the decorator.',
        ),
        ("_: func.QueueMessage, invoice: func.Out[str])", 'Rename it to "message".'),
    ],
)
def test_a_parameter_of_another_name_is_reported_once(
    signature: str, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(orders(signature)), "AF11")
    assert (found.code, found.fix) == ("AF113", fix)


@pytest.mark.parametrize(
    ("signature", "count"),
    [
        ("msg: func.QueueMessage, bill: func.Out[str])", 4),
        ("message: func.QueueMessage, bill: func.Out[str], more: str)", 3),
        ("message: func.QueueMessage, bill: str = '')", 2),
    ],
)
def test_parameters_whose_names_are_not_known(
    signature: str, count: int, plant: Plant, find: Find
) -> None:
    found = find(plant(orders(signature)), "AF113")
    assert len(found) == count


@pytest.mark.parametrize(
    ("decorator", "parameter", "option"),
    [
        ('route(route="hello")', "request: func.HttpRequest", "trigger_arg_name"),
        ('activity_trigger(input_name="text")', "name: str", "input_name"),
    ],
)
def test_the_option_that_names_a_parameter(
    decorator: str, parameter: str, option: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("req: func.HttpRequest", parameter)
    source = source.replace('route(route="hello", methods=["GET"])', decorator)
    source = source.replace(" -> func.HttpResponse", "")
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    assert f'write {option}="{parameter.partition(":")[0]}"' in found.fix


@pytest.mark.parametrize(
    ("arguments", "parameters"),
    [
        ("**OPTIONS", "request: func.HttpRequest) -> func.HttpResponse"),
        ("*OPTIONS", "request: func.HttpRequest) -> func.HttpResponse"),
        ("'hello', **OPTIONS", "req: func.HttpRequest, answer: func.Out[str]) -> None"),
    ],
)
def test_arguments_of_a_route_that_are_not_known(
    arguments: str, parameters: str, plant: Plant
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace('route="hello", methods=["GET"]', arguments)
    source = source.replace("req: func.HttpRequest) -> func.HttpResponse", parameters)
    source = source.replace("def hello", "def admin")
    given = "import json\n\n[OPTIONS] = json.loads(input())\n"
    assert find_problems(plant({"blueprints/hello.py": given + source})) == []


@pytest.mark.parametrize("route", ["hello/{id}", "hello/{id:int}", "{*id}"])
def test_a_parameter_of_the_route_is_one_of_the_request(
    route: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("(req:", "(id: str, req:")
    source = source.replace('route="hello"', f'route="{route}"')
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    assert found.fix == 'Remove the parameter, and read req.route_params["id"].'


def test_a_parameter_of_the_path_is_in_the_name_of_the_blob(plant: Plant, find: Find) -> None:
    trigger = 'blob_trigger(arg_name="req", path="orders/{day}/{id}.json", connection="C")'
    source = HEALTHY["blueprints/hello.py"].replace(
        'route(route="hello", methods=["GET"])', trigger
    )
    source = source.replace("(req: func.HttpRequest) -> func.HttpResponse", "(req, id: str)")
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    assert found.fix == "Remove the parameter, and take it from req.name."


@pytest.mark.parametrize("annotation", ["func.Context", "'func.Context'"])
def test_the_context_has_one_name(annotation: str, plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("(req:", f"(ctx: {annotation}, req:")
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    assert found.fix == 'Rename it to "context", the only name under which the worker passes it.'


@pytest.mark.parametrize(
    ("parameter", "line"),
    [
        ("client: df.DurableOrchestrationClient", "print(client)"),
        ("client: str", "print(df.DurableOrchestrationClient(client))"),
    ],
)
def test_a_durable_client_without_a_decorator(
    parameter: str, line: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("(req:", f"({parameter}, req:")
    source = f"import azure.durable_functions as df\n{source}".replace(
        "    return", f"    {line}\n    return"
    )
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    decorator = '@bp.durable_client_input(client_name="client")'
    assert found.fix == f"Add {decorator} below the trigger."


def test_a_method_is_rejected_as_a_function(plant: Plant, find: Find) -> None:
    head, _, body = HEALTHY["blueprints/hello.py"].partition("@bp.route")
    lines = f"@bp.route{body}".replace("(req:", "(self, req:").splitlines()
    source = f"{head}class Hello:\n" + "\n".join(f"    {line}" for line in lines) + "\n"
    [found] = find(plant({"blueprints/hello.py": source}), "AF113")
    assert found.fix.startswith("Move the function out of its class")


def test_a_static_method_is_rejected_as_a_function(plant: Plant, find: Find) -> None:
    head, _, body = HEALTHY["blueprints/hello.py"].partition("@bp.route")
    lines = f"@bp.route{body}".replace("def hello", "@staticmethod\ndef hello").splitlines()
    source = f"{head}class Hello:\n" + "\n".join(f"    {line}" for line in lines) + "\n"
    [found] = find(plant({"blueprints/hello.py": source}))
    assert found.code == "AF115"
    assert found.message == "The worker rejects hello, since @staticmethod is below its trigger."
    method = source.replace("    @staticmethod\n", "").replace(
        "    @bp", "    @staticmethod\n    @bp"
    )
    assert find(plant({"blueprints/hello.py": method})) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "fix"),
    [
        (
            '(route="hello", methods=["GET"])',
            '("hello", ["GET"])',
            "trigger_arg_name is ['GET'], and not the name of a parameter.",
            "Write methods=['GET'].",
        ),
        (
            "func.HttpRequest)",
            "func.HttpRequest, /)",
            'The worker passes "req" by its name, which the / in hello forbids.',
            "Remove the /.",
        ),
    ],
)
def test_parameters_without_names(
    old: str, new: str, message: str, fix: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/hello.py"]
    [found] = find(plant({"blueprints/hello.py": source.replace(old, new)}))
    assert (found.code, found.message, found.fix) == ("AF113", message, fix)


def test_a_wrapper_may_take_parameters_without_names(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("func.HttpRequest)", "func.HttpRequest, /)")
    source = source.replace("def hello", "@named\ndef hello").replace("\n\n\n", f"\n{NAMED}\n", 1)
    assert find(plant({"blueprints/hello.py": source})) == []


@pytest.mark.parametrize("decorator", ["retry('fixed_delay', '3', '00:00:10')", "http_type('any')"])
def test_a_decorator_that_makes_no_binding_hides_nothing(decorator: str, plant: Plant) -> None:
    source = orders("msg, invoice)")["blueprints/orders.py"]
    source = source.replace("@bp.queue_trigger", f"@bp.{decorator}\n            @bp.queue_trigger")
    assert {found.code for found in find_problems(plant({"blueprints/orders.py": source}), "AF113")}


DURABLE = """
    import azure.durable_functions as df

    bp = df.Blueprint()


    @bp.orchestration_trigger(context_name="{name}")
    def steps({parameters}):
        yield {parameter}.create_timer({parameter}.current_utc_datetime)


    @bp.entity_trigger(context_name="{name}")
    def counter({parameters}):
        {parameter}.set_result(1)
    """


def durable(name: str, parameters: str) -> Files:
    """Return an app whose orchestrator and entity name their triggers and have these parameters."""
    parameter = parameters.partition(",")[0]
    source = DURABLE.format(name=name, parameters=parameters, parameter=parameter)
    requirements = "azure-functions\nazure-functions-durable<2\n"
    return {"blueprints/hello.py": source, "requirements.txt": requirements}


@pytest.mark.parametrize(
    "parameters", ["context", "ctx", "context, tries=3", "ctx, *more, **options"]
)
def test_orchestrators_and_entities_can_call_their_parameters_as_they_like(
    parameters: str, plant: Plant, find: Find
) -> None:
    assert find(plant(durable("context", parameters)), "AF11") == []


@pytest.mark.parametrize("parameters", ["ctx", "context"])
def test_the_trigger_of_an_orchestrator_or_entity_names_the_context(
    parameters: str, plant: Plant, find: Find
) -> None:
    found = find(plant(durable("ctx", parameters)), "AF11")
    assert [(one.code, one.line) for one in found] == [("AF113", 6), ("AF113", 11)]
    assert found[0].message == (
        'A decorator of steps names "ctx", but azure-functions-durable gives the worker a function '
        'whose only parameter is "context".'
    )
    assert found[0].fix.startswith('Write context_name="context".')


def test_all_that_does_not_match_is_found_at_once(plant: Plant, find: Find) -> None:
    source = """
        from typing import List

        import azure.functions as func

        bp = func.Blueprint()


        @bp.route(route="hello")
        @bp.queue_output(arg_name="first", queue_name="q", connection="OrdersStorage")
        @bp.queue_output(arg_name="second", queue_name="q", connection="OrdersStorage")
        def hello(
            req: func.HttpRequest, one: str, two: str, first: str, other: func.Out[str]
        ) -> func.HttpResponse:
            return func.HttpResponse("")
        """
    found = find(plant({"blueprints/hello.py": source}), "AF11")
    named = sorted(problem.message.split('"')[1] for problem in found)
    assert named == ["first", "one", "other", "second", "two"]


WRAPPED = """
import functools

import azure.functions as func

bp = func.Blueprint()


def timed(call):
    def inner(*args, **kwargs):
        return call(*args, **kwargs)

    return inner


{above}@bp.route(route="orders")
{below}def orders(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("")
"""


def test_a_wrapper_without_the_parameters_of_its_function(plant: Plant, find: Find) -> None:
    source = WRAPPED.format(above="", below="@timed\n")
    [found] = find(plant({"blueprints/orders.py": source}), "AF1")
    assert (found.code, found.path, found.line) == ("AF113", "blueprints/orders.py", 9)
    assert found.message.startswith("orders has the parameters of inner, which wraps it")
    assert found.fix == "Write @functools.wraps(...) above inner."


def test_a_wrapper_with_the_parameters_of_its_function(plant: Plant, find: Find) -> None:
    source = WRAPPED.format(above="", below="@timed\n")
    wraps = source.replace("    def inner", "    @functools.wraps(call)\n    def inner")
    assert find(plant({"blueprints/orders.py": wraps}), "AF1") == []
    updated = "functools.update_wrapper(inner, call)"
    for line in (
        updated,
        "inner.__wrapped__ = call",
        "inner.__signature__ = inspect.signature(call)",
    ):
        given = source.replace("return inner", f"{line}\n    return inner")
        given = given.replace("import functools", "import functools\nimport inspect")
        assert find(plant({"blueprints/orders.py": given}), "AF113") == []
    named = source.replace("*args, **kwargs", "req")
    assert find(plant({"blueprints/orders.py": named}), "AF1") == []


LOGGED = """
def logged(call):
    @functools.wraps(call)
    def outer(*args, **kwargs):
        return call(*args, **kwargs)

    return outer
"""
WITHIN = """
def within(seconds):
    def decorate(call):
        def inner(*args, **kwargs):
            return call(*args, timeout=seconds)

        return inner

    return decorate
"""


@pytest.mark.parametrize(
    ("maker", "decorators", "line"), [(LOGGED, "@logged\n@timed", 17), (WITHIN, "@within(5)", 10)]
)
def test_a_wrapper_below_another_one_or_with_arguments(
    maker: str, decorators: str, line: int, plant: Plant, find: Find
) -> None:
    source = WRAPPED.format(above="", below=f"{decorators}\n")
    source = source.replace("\n\n\ndef timed", f"\n\n{maker}\n\ndef timed")
    [found] = find(plant({"blueprints/orders.py": source}), "AF1")
    assert (found.code, found.line) == ("AF113", line)
    assert found.message.startswith("orders has the parameters of inner, which wraps it")
    assert found.fix == "Write @functools.wraps(...) above inner."


def test_a_wrapper_with_another_parameter(plant: Plant, worker_python: Path) -> None:
    source = WRAPPED.format(above="", below="@timed\n").replace("*args, **kwargs", "request")
    app = plant({"blueprints/orders.py": source})
    messages = [found.message for found in find_problems(app, "AF113", worker_python)]
    assert messages == [
        'The parameter "request" of inner has no trigger or binding with this name.',
        'A decorator of inner names "req", but the function has no such parameter.',
    ]
