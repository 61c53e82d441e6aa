"""The commands of docs/deploying.md fit the app that it creates."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hooks.catalogue import TEMPLATE
from tests.support.catalogue import SERVICES
from tests.support.markdown import blocks, section
from tests.support.stand_ins import Call, StandIns
from tests.support.text_files import read

PAGE = read(TEMPLATE.parent / "docs" / "deploying.md")


def commands(heading: str) -> str:
    """Return the commands of a section."""
    return "".join(blocks(section(PAGE, heading)))


@pytest.fixture(scope="module")
def app(render: Callable[..., Path]) -> Path:
    return render({"hello": "http"}, infra="azd")


def test_the_first_commit_is_on_the_branch_that_ci_deploys(app: Path) -> None:
    workflow = read(app / ".github" / "workflows" / "ci.yml")
    [branch] = re.findall(r"branches: \[(\w+)\]", workflow)
    # The default of git can be another one.
    assert f"git init --initial-branch {branch} " in commands("1. Create the app")


def test_the_identity_trusts_what_the_tokens_of_github_say(tmp_path: Path) -> None:
    programs = StandIns(tmp_path / "stand-ins", "az", "gh")
    calls = programs.run(commands("4. Test every change and deploy main"), tmp_path)
    [credential] = [call for call in calls if "federated-credential" in call.arguments]
    answer = '.sub_claim_prefix // "repo:.nameWithOwner-of-repo"-of-api'
    assert credential.option("--subject") == f"{answer}:environment:production"


def test_it_names_what_only_private_endpoints_can_reach() -> None:
    text = " ".join(section(PAGE, "Virtual network").split())
    titles = [
        service.title.removesuffix(" Service").removeprefix("Azure ")
        for service in SERVICES.values()
        if service.bicep and service.bicep.private_endpoints
    ]
    assert len(titles) > 9
    # No binding connects to the service that keeps the secrets.
    assert [title for title in [*titles, "Key Vault"] if title not in text] == []


def test_it_asks_for_the_application_insights_that_the_group_has(app: Path, tmp_path: Path) -> None:
    # infra/ does not name it like the app, as the Azure CLI does.
    bicep = read(app / "infra" / "main.bicep")
    assert {"name: 'appi-${token}'", "name: 'func-${token}'"} <= {
        *map(str.strip, bicep.split("\n"))
    }
    az = StandIns(tmp_path / "stand-ins", "az")
    given = {"APP": "func-1", "GROUP": "rg-dev"}
    calls: list[Call] = az.run(commands("5. Monitor the app"), tmp_path, given)
    found = {call.option("--app") or call.option("--scopes") for call in calls} - {""}
    assert found == {"[0].name-of-resource", "id-of-[0].name-of-resource"}
