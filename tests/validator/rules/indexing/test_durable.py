"""Durable functions that are async and must not be, or must be and are not."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

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


def test_an_orchestrator_with_a_client(plant: Plant, find: Find) -> None:
    source = durable().replace(
        'context_name="context")\n    def steps(',
        'context_name="context")\n    @bp.durable_client_input(client_name="client")\n    def steps(client, ',
    )
    [found] = find(plant({"blueprints/hello.py": source}), "AF1", imports=False)
    assert (found.code, found.line) == ("AF113", 14)
    assert (
        found.message == "steps has a durable client, which orchestrators and entities cannot have."
    )


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
