"""What code awaits, although it is synchronous: clients, and functions of the app."""

import pytest

from tests.support.validator import Files, Plant, find_problems

SOURCE = """
import azure.functions as func
import httpx
from azure.cosmos{aio} import CosmosClient
from azure.identity{identity} import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from openai import AsyncOpenAI, OpenAI

bp = func.Blueprint()


def plain(): {plain}


@bp.route(route="hello")
{kind} hello(req: func.HttpRequest) -> str:
    {body}
    return ""
"""
CLIENT = "client = CosmosClient('https://a', 'KEY')\n    "
ITEMS = "client.get_database_client('a').get_container_client('b').query_items('SELECT *')"
BLOBS = "BlobServiceClient.from_connection_string('a')"
NEEDS = "azure-functions\nazure-cosmos\nazure-identity\nazure-storage-blob\nhttpx\nopenai\n"
EXPECTING = (
    "import inspect\n    if inspect.iscoroutinefunction(plain): await plain()",
    "from inspect import isawaitable\n    if isawaitable(plain()): await plain()",
    "try:\n        await plain()\n    except TypeError:\n        plain()",
    f"try:\n        await {BLOBS}.close()\n    except TypeError:\n        pass",
    "if False: await plain()",
    "bp.plain = hello\n    await plain()",
)


def awaiting(body: str, kind: str = "async def", **words: str) -> Files:
    """Return an app with lines in a function."""
    known = {"aio": "", "identity": "", "plain": "...", **words}
    return {
        "blueprints/hello.py": SOURCE.format(body=body, kind=kind, **known),
        "requirements.txt": NEEDS,
    }


@pytest.mark.parametrize(
    ("body", "what", "fix"),
    [
        (
            f"{CLIENT}await client.create_database('a')",
            "client.create_database belongs to azure.cosmos",
            "Use azure.cosmos.aio, or write it without await.",
        ),
        (
            f"{CLIENT}async for item in {ITEMS}:\n        pass",
            "belongs to azure.cosmos",
            "write for",
        ),
        (
            f"{CLIENT}return [item async for item in {ITEMS}]",
            "belongs to azure.cosmos",
            "write for",
        ),
        (
            f"{CLIENT}async with client:\n        pass",
            "client belongs to azure.cosmos",
            "write with",
        ),
        (
            f"async with {BLOBS} as blobs:\n        await blobs.create_container('b')",
            "BlobServiceClient.from_connection_string belongs to azure.storage.blob",
            "Use azure.storage.blob.aio, or write with.",
        ),
        (
            "with httpx.Client() as client:\n        await client.get('https://a')",
            "client.get belongs to httpx.Client",
            "Use httpx.AsyncClient, or write it without await.",
        ),
        (
            "await OpenAI().responses.create(input='a')",
            "belongs to openai.OpenAI",
            "openai.AsyncOpenAI",
        ),
        ("await plain()", "plain is not an async function", "or async def plain."),
    ],
)
def test_what_cannot_be_awaited(body: str, what: str, fix: str, plant: Plant) -> None:
    [found] = find_problems(plant(awaiting(body)), "AF243")
    assert (found.path, what in found.message, fix in found.fix) == (
        "blueprints/hello.py",
        True,
        True,
    )


@pytest.mark.parametrize(
    "words",
    [
        {"body": f"{CLIENT}await client.create_database('a')", "aio": ".aio"},
        {"body": f"{CLIENT}client.create_database('a')", "kind": "def"},
        {"body": "await AsyncOpenAI().responses.create(input='a')"},
        {"body": "async with httpx.AsyncClient() as client:\n        await client.get('a')"},
        {"body": "await plain()", "plain": "return hello"},
        {"body": "await plain()", "plain": "raise ValueError"},
        {"body": "await plain()", "plain": "yield"},
        {"body": "await plain()", "plain": "return other()"},
        {"body": "plain()", "plain": "return 1"},
        *({"body": body, "plain": "return 1"} for body in EXPECTING),
        {"body": f"{CLIENT}client.read = plain\n    await client.read()"},
    ],
)
def test_what_can_be_awaited(words: dict[str, str], plant: Plant) -> None:
    assert find_problems(plant(awaiting(**words)), "AF243") == []


@pytest.mark.parametrize("result", ["", "return 1", "return [hello]", "return f'{bp}'"])
def test_a_plain_function_cannot_be_awaited(result: str, plant: Plant) -> None:
    files = awaiting("await plain()", plain=result or "print()")
    assert [found.code for found in find_problems(plant(files), "AF2")] == ["AF243"]


@pytest.mark.parametrize(
    ("aio", "identity", "count"),
    [("", ".aio", 1), ("", "", 0), (".aio", ".aio", 0), (".aio", "", 0)],
)
@pytest.mark.parametrize("given", ["DefaultAzureCredential()", "credential=credential"])
def test_a_synchronous_client_needs_a_synchronous_credential(
    given: str, aio: str, identity: str, count: int, plant: Plant
) -> None:
    body = f"credential = DefaultAzureCredential()\n    CosmosClient('https://a', {given})"
    found = find_problems(plant(awaiting(body, "def", aio=aio, identity=identity)), "AF243")
    expected = "Import the credential from azure.identity, or the client from azure.cosmos.aio."
    assert [one.fix for one in found] == [expected] * count


@pytest.mark.parametrize(("parameter", "count"), [("network", 0), ("other", 1)])
def test_a_parameter_with_the_name_of_a_module_is_not_the_module(
    parameter: str, count: int, plant: Plant
) -> None:
    call = f"async def run({parameter}):\n    await network.load()\n"
    files: Files = {
        "shared/__init__.py": "",
        "shared/network.py": "def load():\n    return 1\n",
        "blueprints/hello.py": f"from shared import network\n\n\n{call}",
    }
    assert len(find_problems(plant(files), "AF243")) == count
