"""Calls of durable functions: activities, orchestrators and entities by their names."""

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.durable_files import steps


@pytest.mark.parametrize(
    ("call", "top"),
    [
        ('yield context.call_activity("say_hello")', ""),
        ('yield context.call_activity("SAY_HELLO")', ""),
        ("yield context.call_activity(say_hello)", ""),
        ('yield context.call_activity("greet", "")', ""),
        ("yield context.call_activity(NAME)", 'NAME = "say_hello"'),
        ("yield context.call_activity(NAME)", 'NAME = "say_" + "hello"'),
        ("yield context.call_activity(names.GREET)", ""),
        ("names = context.get_input()\nyield context.call_activity(names.WRONG)", ""),
        ("yield context.call_activity(Names.HELLO)", 'class Names:\n    HELLO = "say_hello"'),
        ("yield context.call_activity(E.A.value)", 'class E(Enum):\n    A = "say_hello"'),
        ('name = "greet"\nyield context.call_activity(name)', ""),
        ('other = "gret"\nname = "greet"\nyield context.call_activity(name)', ""),
        ('for name in ("greet", "say_hello"):\n    yield context.call_activity(name)', ""),
        ('yield context.call_activity(context.get_input()["name"])', ""),
        ('yield context.call_activity(f"say_{context.get_input()}")', ""),
        ('yield context.call_activity("greet" if context.get_input() else "say_hello")', ""),
        ('yield context.call_activity_with_retry("greet", df.RetryOptions(5, 3))', ""),
        ('yield context.call_sub_orchestrator("child")', ""),
        ("yield context.call_sub_orchestrator(child)", ""),
        ('yield context.call_entity(df.EntityId("counter", "a"), "add")', ""),
        ('context.signal_entity(df.EntityId("Counter", "a"), "add")', ""),
        ('yield context.call_activity("BuiltIn__HttpActivity")', ""),
    ],
)
def test_calls_of_functions_that_are_there(call: str, top: str, plant: Plant, find: Find) -> None:
    assert find(plant(steps(call, top)), "AF1") == []


@pytest.mark.parametrize(
    ("call", "top", "words"),
    [
        (
            'yield context.call_activity("say_helo")',
            "",
            'no activity "say_helo". Write "say_hello" ',
        ),
        ('yield context.call_activity(name="sayHello")', "", 'Write "say_hello" instead.'),
        ('yield context.call_activity("greeting")', "", 'no activity "greeting"'),
        ('yield context.call_activity("nothing_like_it")', "", "Add an activity with this name"),
        ("yield context.call_activity(NAME)", 'NAME = "say_hallo"', 'Write "say_hello" instead.'),
        ("yield context.call_activity(names.WRONG)", "", 'no activity "say_hallo"'),
        ("yield context.call_activity(N.A)", 'class N:\n    A = "say_hallo"', '"say_hallo"'),
        ("yield context.call_activity(E.A.value)", 'class E(Enum):\n    A = "gret"', '"gret"'),
        ('name = "gret"\nyield context.call_activity(name)', "", '"gret"'),
        ('for name in ("greet", "gret"):\n    yield context.call_activity(name)', "", '"gret"'),
        ('x = 1\nyield context.call_activity("greet" if x else "gret")', "", '"gret"'),
        ('yield context.call_activity_with_retry("gret", df.RetryOptions(5, 3))', "", '"gret"'),
        (
            'yield context.call_activity("child")',
            "",
            '"child" is an orchestrator, not an activity.',
        ),
        ("yield context.call_activity(child)", "", "child is an orchestrator, not an activity."),
        ("yield context.call_activity(helper)", "", "helper is not an activity."),
        ("yield context.call_activity(names.plain)", "", "plain is not an activity."),
        ("yield context.call_activity(plain)", "", "plain is not an activity."),
        (
            'yield context.call_sub_orchestrator("chld")',
            "",
            'no orchestrator "chld". Write "child" ',
        ),
        ('yield context.call_sub_orchestrator("greet")', "", "is an activity, not an orchestrator"),
        (
            "yield context.call_sub_orchestrator(say_hello)",
            "",
            "is an activity, not an orchestrator",
        ),
        ('yield context.call_entity(df.EntityId("Countr", "a"), "add")', "", 'entity "Countr"'),
        ('context.signal_entity(df.EntityId(name="steps", key="a"), "x")', "", "not an entity"),
    ],
)
def test_calls_of_functions_that_are_not_there(
    call: str, top: str, words: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(steps(call, top)), "AF1")
    assert (found.code, found.path) == ("AF122", "blueprints/hello.py")
    assert words in f"{found.message} {found.fix}"


CLIENT = """
import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()


@bp.orchestration_trigger(context_name="context")
def greet_all(context):
    yield context.create_timer(context.current_utc_datetime)


async def begin(my_client: df.DurableOrchestrationClient) -> None:
    await my_client.start_new("{begun}")


@bp.route(route="start")
@bp.durable_client_input(client_name="durable"{hub})
async def start(req: func.HttpRequest, durable) -> func.HttpResponse:
    pool = Pool()
    pool.start_new("anything")
    await begin(durable)
    await durable.start_new(orchestration_function_name="{started}")
    return func.HttpResponse("")


class Pool:
    def start_new(self, name):
        return name
"""


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ({"begun": "greet_all", "started": "Greet_All", "hub": ""}, []),
        ({"begun": "greet_al", "started": "greet_all", "hub": ""}, [13]),
        ({"begun": "greet_all", "started": "greet_al", "hub": ""}, [22]),
        ({"begun": "a", "started": "b", "hub": ', task_hub="Other"'}, []),
    ],
)
def test_what_a_client_starts(
    words: dict[str, str], lines: list[int], plant: Plant, find: Find
) -> None:
    app = plant({"blueprints/hello.py": CLIENT.format(**words).lstrip()})
    found = find(app, "AF1")
    assert [(problem.code, problem.line) for problem in found] == [("AF122", n) for n in lines]


@pytest.mark.parametrize(
    "more",
    [
        'import importlib\nimportlib.import_module("blueprints.orders")',
        "import library\napp.register_functions(library.bp)",
        "for bp in library():\n    app.register_functions(bp)",
    ],
)
def test_functions_that_the_sources_do_not_show(more: str, plant: Plant) -> None:
    entry = f"{HEALTHY['function_app.py']}{more}\n"
    files = steps('yield context.call_activity("somewhere_else")')
    assert find_problems(plant({**files, "function_app.py": entry}), "AF122") == []


@pytest.mark.parametrize("items", ["[hello.bp, orders.bp]", "(hello.bp, orders.bp)", "BLUEPRINTS"])
def test_functions_that_a_loop_registers(items: str, plant: Plant, find: Find) -> None:
    entry = (
        "import azure.functions as func\nfrom blueprints import hello, orders\n\n"
        "BLUEPRINTS = [hello.bp, orders.bp]\napp = func.FunctionApp()\n"
        f"for bp in {items}:\n    app.register_functions(bp)\n"
    )
    files = steps('yield context.call_activity("somewhere_else")')
    [found] = find(plant({**files, "function_app.py": entry}), "AF1")
    assert (found.code, found.path) == ("AF122", "blueprints/hello.py")


@pytest.mark.parametrize(
    "more",
    [
        'bp.activity_trigger(input_name="x")(make())',
        '@bp.function_name(make())\n@bp.activity_trigger(input_name="x")\ndef made(x): ...',
        '@bp.activity_trigger(input_name="x", activity=make())\ndef made(x): ...',
    ],
)
def test_functions_whose_names_only_the_app_knows(more: str, plant: Plant) -> None:
    files = steps('yield context.call_activity("somewhere_else")', f"def make(): ...\n\n\n{more}")
    assert find_problems(plant(files), "AF122") == []


WRAPPED = """

def logged(handler):
    {wraps}
    def wrapper(name):
        return handler(name)
    return wrapper


@bp.activity_trigger(input_name="name"{argument})
@logged
def welcome(name: str) -> str:
    return name


{more}
"""
ANOTHER = """@bp.activity_trigger(input_name="name")
@logged
def bye(name: str) -> str:
    return name"""


@pytest.mark.parametrize(
    ("words", "name", "expected"),
    [
        ({}, '"welcome"', "AF122"),
        ({}, '"Welcome"', "AF122"),
        ({}, '"wrapper"', ""),
        ({}, "welcome", ""),
        ({"argument": ', activity="welcome"'}, '"welcome"', ""),
        ({"argument": ")\n@bp.function_name(name='welcome'"}, '"welcome"', ""),
        ({"wraps": "@functools.wraps(handler)"}, '"welcome"', ""),
        ({"more": ANOTHER}, '"welcome"', "AF118"),
    ],
)
def test_a_wrapper_gives_its_name_to_the_function(
    words: dict[str, str], name: str, expected: str, plant: Plant, find: Find
) -> None:
    known = {"wraps": "", "argument": "", "more": "", **words}
    files = steps(f"yield context.call_activity({name})", "import functools")
    module = str(files["blueprints/hello.py"]) + WRAPPED.format(**known)
    found = find(plant({**files, "blueprints/hello.py": module}), "AF1")
    assert [problem.code for problem in found] == [expected][: bool(expected)]
    assert all(problem.fix == "Write @functools.wraps(...) above wrapper." for problem in found)


ENTITY_CLASS = """
import azure.durable_functions as df
from durabletask.entities import DurableEntity, EntityInstanceId

bp = df.Blueprint()


@bp.entity_trigger({arguments})
class {class_}(DurableEntity):
    def add(self, n):
        return n


@bp.orchestration_trigger(context_name="ctx")
def steps(ctx, n):
    yield ctx.call_entity(EntityInstanceId("counter", "a"), "add", n)
    yield ctx.call_entity(EntityInstanceId("{name}", "a"), "add", n)
"""


@pytest.mark.parametrize(
    ("arguments", "class_"),
    [
        ('context_name="context"', "Counter"),
        ('"context", "Counter"', "Tally"),
        ('"context", entity_name="Counter"', "Tally"),
    ],
)
@pytest.mark.parametrize(("name", "expected"), [("Counter", []), ("Conter", ["AF122"])])
def test_an_entity_may_be_a_class(
    arguments: str, class_: str, name: str, expected: list[str], plant: Plant
) -> None:
    source = ENTITY_CLASS.format(arguments=arguments, class_=class_, name=name)
    files: Files = {
        "requirements.txt": "azure-functions\nazure-functions-durable>=2.0.0rc3\n",
        "blueprints/hello.py": source,
    }
    assert [found.code for found in find_problems(plant(files), "AF")] == expected
