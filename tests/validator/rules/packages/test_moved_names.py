"""Imports of what newer versions of a required package no longer have."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.import_files import importing

CHAIN = "from langchain.chains import RetrievalQA"
RESOURCES = "from azure.mgmt.resource import ResourceManagementClient"


@pytest.mark.parametrize(
    ("requirements", "line", "name", "fix"),
    [
        (
            "langchain",
            CHAIN,
            "langchain.chains",
            (
                "Write langchain_classic.chains instead and add langchain-classic to the requirements, or require "
                "langchain<1."
            ),
        ),
        (
            "langchain>=0.1\nlangchain-classic",
            "from langchain.chains.llm import LLMChain",
            "langchain.chains",
            "Write langchain_classic.chains instead, or require langchain<1.",
        ),
        (
            "langchain\nrequests==2.32.3",
            "import langchain.text_splitter",
            "langchain.text_splitter",
            (
                "Write langchain_text_splitters instead and add langchain-text-splitters to the requirements, or require "
                "langchain<1."
            ),
        ),
        (
            "azure-mgmt-resource>=23.1\nazure-core<2",
            RESOURCES,
            "azure.mgmt.resource.ResourceManagementClient",
            "Write azure.mgmt.resource.resources instead, or require azure-mgmt-resource<26.",
        ),
        (
            "azure-mgmt-resource==25.0.0",
            "from azure.mgmt.resource import SubscriptionClient",
            "azure.mgmt.resource.SubscriptionClient",
            (
                "Write azure.mgmt.resource.subscriptions instead and add azure-mgmt-resource-subscriptions to the "
                "requirements, or require azure-mgmt-resource<25."
            ),
        ),
        (
            "mcp[cli]",
            "from mcp.server.fastmcp import FastMCP",
            "mcp.server.fastmcp",
            "Write mcp.server.mcpserver.MCPServer instead, or require mcp<2.",
        ),
        (
            "langchain\nlangchain-openai",
            "from langchain.embeddings.openai import OpenAIEmbeddings",
            "langchain.embeddings.openai",
            "Write langchain_openai instead, or require langchain<1.",
        ),
        (
            "pydantic",
            "from pydantic import BaseModel, BaseSettings",
            "pydantic.BaseSettings",
            "Write pydantic_settings instead and add pydantic-settings to the requirements, or require pydantic<2.",
        ),
    ],
)
def test_what_newer_versions_no_longer_have(
    requirements: str, line: str, name: str, fix: str, plant: Plant
) -> None:
    [found] = find_problems(plant(importing(line, requirements)), "AF411")
    assert (found.path, found.line, found.fix) == ("blueprints/hello.py", 1, fix)
    assert found.message.startswith(f"No requirement provides {name}: ")


def test_what_a_function_imports_is_a_warning(plant: Plant) -> None:
    files = importing(f"def answer():\n    {CHAIN}\n", "langchain")
    assert [one.code for one in find_problems(plant(files), "AF41")] == ["AF412"]


CHAT = "import openai\n\ndef answer():\n    return openai.ChatCompletion.create(model='a')\n"
FLOAT = "import numpy as np\n\ndef answer():\n    return np.array([1], dtype=np.float)\n"


@pytest.mark.parametrize(
    ("requirements", "source", "fix"),
    [
        (
            "openai",
            CHAT,
            "Write openai.OpenAI().chat.completions instead, or require openai<1.",
        ),
        ("numpy>=1.20\npandas", FLOAT, "Write float instead, or require numpy<2."),
    ],
)
def test_attributes_that_newer_versions_no_longer_have(
    requirements: str, source: str, fix: str, plant: Plant
) -> None:
    [found] = find_problems(plant(importing(source, requirements)), "AF41")
    assert (found.code, found.line, found.fix) == ("AF412", 4, fix)


@pytest.mark.parametrize(
    ("requirements", "source"),
    [
        ("openai==0.28.1", CHAT),
        ("openai<1", CHAT),
        ("openai\nazure-ai-projects==1.0.0", CHAT),
        ("openai", f"{CHAT}\nclient = openai.OpenAI()"),
        ("openai", CHAT.replace("return", "if hasattr(openai, 'OpenAI'): return; return")),
        ("openai", CHAT.replace("import openai", "from shared import openai")),
        ("numpy<2", FLOAT),
        ("numpy\nscipy==1.10.1", FLOAT),
        ("numpy", FLOAT.replace("np.float", "np.float64")),
    ],
)
def test_attributes_that_the_chosen_version_has(
    requirements: str, source: str, plant: Plant
) -> None:
    files: Files = {**importing(source, requirements), "shared/openai.py": ""}
    assert find_problems(plant(files), "AF41") == []


@pytest.mark.parametrize(
    ("requirements", "line"),
    [
        ("langchain<1", CHAIN),
        ("langchain==0.3.27", CHAIN),
        ("langchain~=0.3", CHAIN),
        ("langchain; python_version < '4'", CHAIN),
        ("langchain\nlangchain-community==0.2.1", CHAIN),
        ("langchain\npydantic<2", CHAIN),
        ("langchain\nragas", CHAIN),
        ("mcp\nfastmcp", "from mcp.server.fastmcp import FastMCP"),
        ("mcp<2", "from mcp.server.fastmcp import FastMCP"),
        ("mcp\nfastapi==0.95.0", "from mcp.server.fastmcp import FastMCP"),
        ("pydantic\nfastapi==0.95.0", "from pydantic import BaseSettings"),
        ("langchain\n-c constraints.txt", CHAIN),
        ("langchain\n-r ../base.txt", CHAIN),
        ("langchain", f"try:\n    {CHAIN}\nexcept ImportError:\n    RetrievalQA = None"),
        ("langchain", "from langchain.agents import create_agent"),
        ("langchain", "import langchain"),
        ("azure-mgmt-resource==25.0.0", RESOURCES),
        ("azure-mgmt-resource\nazure-mgmt-core==1.4.0", RESOURCES),
        ("azure-mgmt-resource", RESOURCES.replace("resource import", "resource.resources import")),
    ],
)
def test_what_the_chosen_version_has(requirements: str, line: str, plant: Plant) -> None:
    files: Files = {**importing(line, requirements), "constraints.txt": "langchain<1\n"}
    assert find_problems(plant(files), "AF41") == []


def test_an_image_may_choose_another_version(plant: Plant) -> None:
    image = "FROM mcr.microsoft.com/azure-functions/python:4-python3.12\nRUN pip install langchain==0.3\n"
    assert (
        find_problems(plant({**importing(CHAIN, "langchain"), "Dockerfile": image}), "AF41") == []
    )


def test_each_name_is_reported_once(plant: Plant, find: Find) -> None:
    files: Files = {
        **importing(CHAIN, "langchain"),
        "shared/chains.py": CHAIN,
        "shared/__init__.py": "",
    }
    files["blueprints/hello.py"] = f"import shared.chains\n{files['blueprints/hello.py']!s}"
    assert [one.code for one in find(plant(files), "AF411", imports=False)] == ["AF411"]
