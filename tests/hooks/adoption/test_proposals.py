"""`make adopt`: the answers that it proposes, and the kinds that it finds."""

import json
from pathlib import Path

import pytest

from hooks.adoption import existing_app, proposals
from hooks.adoption.kinds import closest_kind, kinds_by_shape
from hooks.post_generation import read_answers
from tests.hooks.adoption.conftest import Adopt
from tests.support.existing_apps import (
    BASE,
    SINGLE_FILE,
    Shape,
    write_app,
)
from tests.support.repositories import commit, run_git

WEB = (
    "import azure.functions as func\nfrom fastapi import FastAPI\n\n"
    "app = func.AsgiFunctionApp(app=FastAPI())\n"
)
LEVELS = "import azure.functions as func\n\napp = func.FunctionApp()\n" + "".join(
    f'\n\n@app.route("{name}", auth_level="{level}")\ndef {name}(req: func.HttpRequest): ...\n'
    for name, level in (("a", "FUNCTION"), ("b", "ANONYMOUS"), ("c", "ANONYMOUS"))
)


@pytest.mark.parametrize(
    ("content", "answer", "value"),
    [
        ({".python-version": "3.11\n"}, "python_version", "3.11"),
        ({".python-version": "3.8.1\n"}, "python_version", "3.10"),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.12"\n'}, "python_version", "3.13"),
        (
            {".github/workflows/a.yml": "with:\n  python-version: '3.12'\n"},
            "python_version",
            "3.12",
        ),
        (
            {"azure-pipelines.yml": "inputs:\n  versionSpec: '3.12'\n"},
            "python_version",
            "3.12",
        ),
        ({"Pipfile": '[requires]\npython_version = "3.11"\n'}, "python_version", "3.11"),
        *(
            ({"pyproject.toml": f"[tool.poetry.dependencies]\npython = {text}\n"}, *found)
            for text, *found in (
                ('"~3.11"', "python_version", "3.11"),
                ('"3.11.*"', "python_version", "3.11"),
                ('"^3.11.2"', "python_version", "3.13"),
                ('">=3.10, <3.13"', "python_version", "3.12"),
                ('">=3.11 || <3.9"', "python_version", None),
                ("{}", "python_version", None),
            )
        ),
        ({"pyproject.toml": '[project]\nname = "a b"\n'}, "project_name", None),
        ({"pyproject.toml": '[project]\nname = "json"\n'}, "project_name", None),
        ({"pyproject.toml": f'[project]\nname = "{"a" * 60}"\n'}, "project_name", "a" * 60),
        ({"pyproject.toml": f'[project]\nname = "{"a" * 61}"\n'}, "project_name", None),
        ({"pyproject.toml": '[project]\ndescription = "{{ a }}"\n'}, "description", None),
        (
            {"pyproject.toml": '[project]\ndescription = "Takes {a}."\n'},
            "description",
            "Takes {a}.",
        ),
        ({"pyproject.toml": '[project]\ndescription = " "\n'}, "description", None),
        ({"pyproject.toml": "[tool.uv]\n"}, "package_manager", "uv"),
        ({"function_app.py": WEB}, "web_framework", "none"),
        ({"function_app.py": LEVELS}, "auth_level", "anonymous"),
        ({".gitlab-ci.yml": ""}, "ci", "none"),
        ({"infra/main.bicep": ""}, "infra", "none"),
        ({"requirements.txt": "azure-monitor-opentelemetry\n"}, "telemetry", "none"),
    ],
)
def test_proposes_what_the_files_say(
    content: dict[str, str], answer: str, value: object, tmp_path: Path
) -> None:
    shape = Shape({**BASE, "function_app.py": SINGLE_FILE, **content}, {})
    app = existing_app.read(write_app(shape, tmp_path / "app"), None)
    found = {proposal.answer: proposal.value for proposal in proposals.propose(app)}
    assert found.get(answer) == value


@pytest.mark.parametrize(
    ("content", "answer", "value", "reason"),
    [
        ({}, "package_manager", "pip", "no lock file"),
        ({"requirements.txt": ""}, "package_manager", "pip", "requirements.txt"),
        (
            {"pyproject.toml": '[project]\ndependencies = ["azure-functions"]\n'},
            "package_manager",
            "pip",
            "pyproject.toml",
        ),
        (
            {"poetry.lock": ""},
            "package_manager",
            "pip",
            "the template has no choice for Poetry",
        ),
        ({"uv.lock": ""}, "package_manager", "uv", "uv.lock"),
        ({"function_app.py": LEVELS}, "auth_level", "anonymous", "the level of most functions, 2"),
        (
            {".python-version": "3.8\n"},
            "python_version",
            "3.10",
            "the nearest to 3.8, .python-version",
        ),
        (
            # The app itself states another version than its infrastructure.
            {
                ".python-version": "3.11\n",
                "deploy.sh": "az functionapp create --runtime python --runtime-version 3.10\n",
                "pyproject.toml": '[project]\nrequires-python = ">=3.10"\n',
            },
            "python_version",
            "3.11",
            ".python-version",
        ),
        ({"Dockerfile": "FROM python\n"}, "docker", True, "the Dockerfile, which stays yours"),
        ({"compose.yaml": ""}, "devcontainer", False, "compose.yaml, which stays yours"),
        ({}, "devcontainer", False, "no dev container"),
    ],
)
def test_says_why_it_proposes_an_answer(
    content: dict[str, str], answer: str, value: object, reason: str, tmp_path: Path
) -> None:
    shape = Shape({**BASE, "function_app.py": SINGLE_FILE, **content}, {})
    app = existing_app.read(write_app(shape, tmp_path / "app"), None)
    assert proposals.Proposal(answer, value, reason) in proposals.propose(app)


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("infra/main.bicep", "infra", "../../infra, which stays yours"),
        ("azure.yaml", "infra", "../../azure.yaml, which stays yours"),
        (".devcontainer/a.json", "devcontainer", "../../.devcontainer, which stays yours"),
        (".gitlab-ci.yml", "ci", "../../.gitlab-ci.yml, which stays yours"),
        (
            ".github/workflows/deploy.yml",
            "ci",
            "../../.github/workflows/deploy.yml, which stays yours",
        ),
        (".github/workflows/a.yml", "python_version", "../../.github/workflows/a.yml"),
        ("services/orders/infra/main.bicep", "infra", "infra, which stays yours"),
        ("notes.md", "ci", "the app is not at the root of its repository"),
        ("other/azure.yaml", "infra", "no infrastructure as code"),
    ],
)
def test_looks_at_the_root_of_the_repository_too(
    path: str, answer: str, reason: str, tmp_path: Path
) -> None:
    files = {**BASE, "function_app.py": SINGLE_FILE, f"../../{path}": "python-version: 3.12\n"}
    folder = write_app(Shape(files, {}, "services/orders"), tmp_path / "repository")
    proposed = proposals.propose(existing_app.read(folder, None))
    assert {one.answer: one.reason for one in proposed}[answer] == reason


@pytest.mark.parametrize(
    ("folder", "named"),
    [
        ("My Shop/api", ("my-shop", "the folder My Shop/ around api/")),
        ("shop/orders/src", ("orders", "the folder orders/ around src/")),
        ("shop/services/v1/Api", ("shop", "the folder shop/ around Api/")),
        ("shop/services/orders", None),
        ("json/api", None),
        ("Café/api", None),
        ("source/api", None),
    ],
)
def test_an_app_in_a_folder_with_a_general_name_is_named_after_the_folder_around_it(
    folder: str, named: tuple[str, str] | None, tmp_path: Path
) -> None:
    repository, _, path = folder.partition("/")
    shape = Shape({**BASE, "function_app.py": SINGLE_FILE}, {}, path)
    app = existing_app.read(write_app(shape, tmp_path / repository), None)
    found = {one.answer: (one.value, one.reason) for one in proposals.propose(app)}
    assert found.get("project_name") == named


def test_an_app_at_the_root_of_its_repository_is_named_after_its_folder(tmp_path: Path) -> None:
    app = write_app(Shape({**BASE, "function_app.py": SINGLE_FILE}, {}), tmp_path / "api")
    proposed = proposals.propose(existing_app.read(app, None))
    assert [one for one in proposed if one.answer == "project_name"] == []


@pytest.mark.parametrize(
    ("remote", "ci"),
    [
        ("https://github.com/me/app", "github"),
        ("https://dev.azure.com/me/app/_git/app", "azure-pipelines"),
        ("https://example.com/app", "none"),
    ],
)
def test_proposes_the_ci_of_the_service_that_has_the_repository(
    remote: str, ci: str, app: Path
) -> None:
    run_git(app, "remote", "add", "origin", remote)
    found = {one.answer: one.value for one in proposals.propose(existing_app.read(app, None))}
    assert found["ci"] == ci


def test_proposes_no_ci_whose_tests_git_ignores(app: Path) -> None:
    run_git(app, "remote", "add", "origin", "https://github.com/me/app")
    (app / ".gitignore").write_text("*test*\n", encoding="utf-8")
    found = {one.answer: one for one in proposals.propose(existing_app.read(app, None))}
    reason = "git ignores tests/test_app.py, which the workflows run"
    assert (found["ci"].value, found["ci"].reason) == ("none", reason)


def test_an_answer_from_infrastructure_is_saved_as_plain_text(app: Path, adopt: Adopt) -> None:
    site = {
        "type": "Microsoft.Web/sites",
        "apiVersion": "2024-04-01",
        "name": "orders",
        "kind": "functionapp,linux",
        "properties": {"siteConfig": {"linuxFxVersion": "Python|3.12"}},
    }
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    template = {"$schema": schema, "contentVersion": "1.0.0.0", "resources": [site]}
    (app / "azuredeploy.json").write_text(json.dumps(template), encoding="utf-8")
    commit(app)
    assert adopt(app, "--no-index", "--apply") == ""
    assert read_answers(app)["python_version"] == "3.12"


def test_every_function_of_a_kind_has_the_shape_of_a_kind(tmp_path: Path) -> None:
    source = (
        "import azure.functions as func\n\napp = func.FunctionApp()\n\n\n"
        '@app.service_bus_topic_trigger("m", "c", "t", subscription_name="s")\n'
        "def topic(m: func.ServiceBusMessage) -> None:\n    pass\n\n\n"
        '@app.route("a")\n@app.queue_output("o", "q", "c")\n@app.blob_output("b", "p", "c")\n'
        "def both(req: func.HttpRequest, o: func.Out[str], b: func.Out[str]) -> str:\n"
        '    return ""\n\n\n'
        '@app.blob_trigger("m", "p", "c")\ndef polls(m: str) -> None:\n    pass\n\n\n'
        '@app.blob_trigger("m", "p", "c", source="EventGrid")\n'
        "def told(m: str) -> None:\n    pass\n\n\n"
        '@app.generic_trigger("m", "other")\ndef other(m: str) -> None:\n    pass\n'
    )
    app = existing_app.read(
        write_app(Shape({**BASE, "function_app.py": source}, {}), tmp_path), None
    )
    kinds = kinds_by_shape()
    found = [closest_kind(function, kinds) for function in app.project.functions]
    assert found == ["servicebus_topic", "multiple_outputs", "blob", "blob_eventgrid", ""]
