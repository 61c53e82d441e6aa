"""Durable functions that fail each time they run."""

from tests.support.validator import Find, Plant

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
    """


def durable(**keywords: str) -> dict[str, str | bytes | None]:
    words = {"client": "async def", "orchestrator": "def", "activity": "def", **keywords}
    return {"blueprints/hello.py": DURABLE.format(**words)}


def test_durable_functions_as_they_should_be(plant: Plant, find: Find) -> None:
    assert find(plant(durable()), "AF1") == []
    assert find(plant(durable(activity="async def")), "AF1") == []


def test_a_client_that_is_not_async(plant: Plant, find: Find) -> None:
    [found] = find(plant(durable(client="def")), "AF1")
    assert (found.code, found.line) == ("AF120", 9)


def test_an_orchestrator_that_is_async(plant: Plant, find: Find) -> None:
    [found] = find(plant(durable(orchestrator="async def")), "AF1")
    assert (found.code, found.line) == ("AF121", 14)


def test_durable_decorators_of_azure_functions_itself(plant: Plant, find: Find) -> None:
    source = DURABLE.replace("df.Blueprint()", "func.Blueprint()")
    files = {"client": "async def", "orchestrator": "def", "activity": "def"}
    assert find(plant({"blueprints/hello.py": source.format(**files)}), "AF1") == []
