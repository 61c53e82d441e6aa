"""Durable functions that fail each time they run, or never run."""

import textwrap

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems
from tests.validator.rules.durable_files import steps

DURABLE = """
    import azure.durable_functions as df
    import azure.functions as func

    bp = df.Blueprint()


    @bp.route(route="start")
    @bp.durable_client_input(client_name="client")
    {client} hello(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> str:
        return "started"


    @bp.orchestration_trigger(context_name="context")
    {orchestrator} steps(context: df.DurableOrchestrationContext) -> None:
        yield context.call_activity("step", "")


    @bp.activity_trigger(input_name="text")
    {activity} step(text: str) -> str:
        return text


    @bp.entity_trigger(context_name="context")
    {entity} counter(context) -> None:
        context.set_result(1)
    """
AS_THEY_SHOULD_BE = {
    "client": "async def",
    "orchestrator": "def",
    "activity": "def",
    "entity": "def",
}


def durable(**keywords: str) -> str:
    """Return a blueprint whose functions are defined with these keywords."""
    return DURABLE.format(**{**AS_THEY_SHOULD_BE, **keywords})


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({}, []),
        ({"activity": "async def"}, []),
        ({"client": "def"}, [("AF120", 9)]),
        ({"orchestrator": "async def"}, [("AF121", 14)]),
        ({"entity": "async def"}, [("AF121", 24)]),
    ],
)
def test_which_durable_functions_are_async(
    keywords: dict[str, str], expected: list[tuple[str, int]], plant: Plant, find: Find
) -> None:
    found = find(plant({"blueprints/hello.py": durable(**keywords)}), "AF1")
    assert [(one.code, one.line) for one in found] == expected


def test_durable_decorators_of_azure_functions_itself(plant: Plant, find: Find) -> None:
    source = durable().replace("df.Blueprint()", "func.Blueprint()")
    assert find(plant({"blueprints/hello.py": source}), "AF1") == []


@pytest.mark.parametrize(
    ("requirement", "is_right"),
    [
        ("azure-functions-durable", False),
        ("azure-functions-durable<2", False),
        ("azure-functions-durable==1.7.0", False),
        ("azure-functions-durable>=1.2", False),
        ("azure-functions-durable==2.0.0rc3", True),
        ("azure-functions-durable>=2.0.0b1,<3", True),
        ("azure-functions-durable~=2.0", True),
        ("--pre\nazure-functions-durable", True),
    ],
)
def test_a_client_need_not_be_async_in_the_second_version(
    requirement: str, is_right: bool, plant: Plant
) -> None:
    files: Files = {
        "blueprints/hello.py": durable(client="def"),
        "requirements.txt": f"azure-functions\n{requirement}\n",
    }
    found = find_problems(plant(files), "AF1")
    assert [one.code for one in found] == ([] if is_right else ["AF120"])


@pytest.mark.parametrize(
    ("call", "top"),
    [
        ('yield context.call_activity("say_hello")', ""),
        ('yield context.call_activity("SAY_HELLO")', ""),
        ("yield context.call_activity(say_hello)", ""),
        ('yield context.call_activity("greet", "")', ""),
        ("yield context.call_activity(NAME)", 'NAME = "say_hello"'),
        ("yield context.call_activity(names.GREET)", ""),
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


LATE = """
import azure.functions as func

bp = func.Blueprint()


{code}
"""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (
            """
            @bp.route(route="hello")
            def hello(req: func.HttpRequest) -> str:
                @bp.route(route="late")
                def late(req: func.HttpRequest) -> str:
                    return "late"

                return "hello"
            """,
            "hello runs",
        ),
        (
            """
            def never():
                @bp.route(route="late")
                def late(req: func.HttpRequest) -> str:
                    return "late"
            """,
            "never, which nothing calls",
        ),
        (
            """
            def add():
                if bp:
                    @bp.route(route="late")
                    def late(req: func.HttpRequest) -> str:
                        return "late"


            @bp.route(route="hello")
            def hello(req: func.HttpRequest) -> str:
                add()
                return "hello"
            """,
            "add, which only functions call",
        ),
    ],
)
def test_functions_that_are_decorated_too_late(
    code: str, name: str, plant: Plant, find: Find
) -> None:
    text = LATE.format(code=textwrap.dedent(code).strip())
    [found] = find(plant({"blueprints/hello.py": text}), "AF1")
    assert found.code == "AF123"
    assert "The app does not have late" in found.message
    assert name in found.message


@pytest.mark.parametrize(
    "code",
    [
        """
        def add(name):
            @bp.function_name(name)
            @bp.route(route=name)
            def late(req: func.HttpRequest) -> str:
                return "late"


        for one in ("a", "b"):
            add(one)
        """,
        """
        def add():
            @bp.route(route="late")
            def late(req: func.HttpRequest) -> str:
                return "late"


        def add_all():
            add()


        add_all()
        """,
        """
        class Adds:
            def __init__(self):
                @bp.route(route="late")
                def late(req: func.HttpRequest) -> str:
                    return "late"


        Adds()
        """,
        """
        for one in ("a", "b"):

            @bp.function_name(one)
            @bp.route(route=one)
            def late(req: func.HttpRequest) -> str:
                return "late"
        """,
    ],
)
def test_functions_that_are_decorated_in_time(code: str, plant: Plant, find: Find) -> None:
    text = LATE.format(code=textwrap.dedent(code).strip())
    assert find(plant({"blueprints/hello.py": text}), "AF1") == []
