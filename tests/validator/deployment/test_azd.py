"""Which parts of shared infrastructure count for an app, by the services of azure.yaml."""

import re
from pathlib import Path

import pytest

from functions_validator.deployment.azd import read_services
from functions_validator.project.project import Project
from tests.support.validator import HEALTHY, find_problems

AZURE = """
# The services of the shop.
name: shop
services:
  api:
    project: ./src/api
    host: function
  "worker":
    host: function
    project: 'src\\worker'  # the queues
  web:
    project: ./src/web
    host: staticwebapp
hooks:
  postprovision:
    project: nothing
"""
PLANS = """
resource {name}Plan 'Microsoft.Web/serverfarms@2024-04-01' = {{
  name: '{name}'
  sku: {{ name: '{sku}' }}
}}
"""
SITE = """
resource {name} 'Microsoft.Web/sites@2024-04-01' = {{
  name: '{name}'
  kind: 'functionapp,linux'
  tags: union(tags, {{ 'azd-service-name': {tag} }})
  properties: {{
    serverFarmId: {name}Plan.id
    siteConfig: {{ linuxFxVersion: 'Python|{version}' }}
  }}
}}
"""
FLAT = {
    "infra/main.bicep": PLANS.format(name="api", sku="FC1")
    + PLANS.format(name="worker", sku="EP1")
    + SITE.format(name="api", tag="'api'", version="3.12")
    + "var workerName = 'worker'\n"
    + SITE.format(name="worker", tag="workerName", version="3.11")
}
MODULE = (
    "param serviceName string\nparam sku string\nparam version string\n"
    + PLANS.format(name="app", sku="x").replace("'x'", "sku")
    + SITE.format(name="app", tag="serviceName", version="3.0").replace(
        "linuxFxVersion: 'Python|3.0'", "linuxFxVersion: 'Python|${version}'"
    )
    + "resource settings 'Microsoft.Web/sites/config@2024-04-01' = {\n  parent: app\n"
    "  properties: { runtime: { name: 'python', version: version } }\n}\n"
)
USE = """
module {name} 'app.bicep' = {{
  params: {{
    serviceName: '{name}'
    sku: '{sku}'
    version: '{version}'
  }}
}}
"""
ONE_MODULE = {
    "infra/main.bicep": USE.format(name="api", sku="FC1", version="3.12")
    + USE.format(name="worker", sku="EP1", version="3.11"),
    "infra/app.bicep": MODULE,
}
OWN_MODULES = {
    "infra/main.bicep": "module api 'app/api.bicep' = {\n}\nmodule worker 'app/worker.bicep' = {\n}\n",
    **{
        f"infra/app/{name}.bicep": f"param serviceName string = '{name}'\n"
        + PLANS.format(name=name, sku=sku)
        + SITE.format(name=name, tag="serviceName", version=version)
        for name, sku, version in [("api", "FC1", "3.12"), ("worker", "EP1", "3.11")]
    },
}
# Modules of the same name as a file of the repository, but elsewhere; and one that includes itself.
MODULES_ELSEWHERE = {
    **OWN_MODULES,
    "infra/main.bicep": OWN_MODULES["infra/main.bicep"]
    + "".join(f"module m{n} '../../shared/m{n}/main.bicep' = {{\n}}\n" for n in range(12)),
    "infra/app/api.bicep": OWN_MODULES["infra/app/api.bicep"] + "module again 'api.bicep' = {\n}\n",
}
TERRAFORM = {
    "infra/main.tf": "".join(
        f'resource "azurerm_service_plan" "{name}" {{\n  sku_name = "{sku}"\n}}\n'
        f'resource "azurerm_linux_function_app" "{name}" {{\n'
        f"  service_plan_id = azurerm_service_plan.{name}.id\n"
        f'  tags = merge(local.tags, {{ "azd-service-name" = "{name}" }})\n'
        f'  site_config {{\n    application_stack {{\n      python_version = "{version}"\n    }}\n  }}\n}}\n'
        for name, sku, version in [("api", "FC1", "3.12"), ("worker", "EP1", "3.11")]
    )
}
# A plan of each service that a module makes.
TERRAFORM_MODULES = {
    "infra/main.tf": 'variable "sku" {\n  default = "B1"\n}\n'
    + re.sub(
        r'resource "azurerm_service_plan" "(\w+)" {',
        r'module "\1_plan" {\n  source = "./app_service_plan"',
        re.sub(r"azurerm_service_plan\.(\w+)", r"module.\1_plan", TERRAFORM["infra/main.tf"]),
    )
}
# What may name a service, but cannot be read.
UNKNOWN_NAMES = {
    path: text.replace("siteConfig: {", "serviceName: toLower(name)\n    siteConfig: {")
    for path, text in FLAT.items()
}
BLOBS = """
import azure.functions as func

bp = func.Blueprint()


@bp.blob_trigger(arg_name="blob", path="orders/{name}", connection="OrdersStorage")
def orders(blob: func.InputStream) -> None:
    print(blob.name)
"""


def write(folder: Path, files: dict[str, str], app: str) -> Path:
    """Write a repository with an app in one of its folders, which is returned."""
    (folder / ".git").mkdir(exist_ok=True)
    own = {f"{app}/{path}": text for path, text in HEALTHY.items()}
    for path, text in {"azure.yaml": AZURE, **files, **own}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder / app


def test_the_services_of_azure_yaml(tmp_path: Path) -> None:
    (tmp_path / "azure.yaml").write_text(AZURE)
    expected = {"api": "./src/api", "worker": "src/worker", "web": "./src/web"}
    assert read_services(tmp_path) == expected
    assert read_services(tmp_path / "nowhere") == {}


BOTH = {"api": "src/api", "worker": "src/worker"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('services: {api: {project: src/api}, \'worker\': {"project": "src\\\\worker"}}', BOTH),
        (
            "services:\n  ? api\n  : project: >-\n      src/api\n  worker: {project: src/worker}",
            BOTH,
        ),
        (
            (
                "x: &service {host: function, project: src/api}\n"
                "services:\n  api: *service\n  worker:\n    <<: *service\n    project: src/worker\n"
            ),
            BOTH,
        ),
        (
            "services:\n  api:\n    project: src/api # the # API\n---\nservices: {}\n",
            {"api": "src/api"},
        ),
        ("%YAML 1.2\n---\nservices:\r\n  1: {project: 2026-99-99}\r\n", {"1": "2026-99-99"}),
        ("\ufeffservices: {api: {project: !path src/api}}", {"api": "src/api"}),
        ("services:\n  web: {image: nginx}\n  api: {project: }\n  worker: [src]\n", {}),
        ("hooks:\n  services:\n    api:\n      project: src/api\n", {}),
        *(
            (text, {})
            for text in ("", "# nothing\n", "- services\n", "services\n", "services: [api]")
        ),
        # Not YAML.
        ("services:\n  api:\n\tproject: src/api\n", {}),
        ("services: {api: {project: src/api}\n", {}),
        ("services: {api: {project: *nowhere}}\n", {}),
        ('services: {api: {project: "\\UFFFFFFFF"}}\n', {}),
        ("services: &services {api: *services, <<: *services}\n", {}),
        ("services: {[api]: {project: src/api}}\n", {}),
        ("services: {api: {project: src/api}}\nrest: " + "[" * 1000, {}),
        ("services: {api: {project: src/api\0}}\n", {}),
    ],
)
def test_azure_yaml_is_yaml(text: str, expected: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "azure.yaml").write_text(text, encoding="utf-8", newline="")
    assert read_services(tmp_path) == expected


@pytest.mark.parametrize(
    "files",
    [FLAT, OWN_MODULES, MODULES_ELSEWHERE, TERRAFORM, TERRAFORM_MODULES, UNKNOWN_NAMES, ONE_MODULE],
)
@pytest.mark.parametrize(
    ("app", "plan", "version"), [("api", "flex", "3.12"), ("worker", "premium", "3.11")]
)
def test_what_is_for_another_service_does_not_count(
    app: str, plan: str, version: str, files: dict[str, str], tmp_path: Path
) -> None:
    project = Project(write(tmp_path, files, f"src/{app}"))
    assert project.plan is not None
    assert project.plan.id == plan
    versions = {value.text for value in project.runtime_versions}
    assert versions == {version}


def test_a_plan_decides_for_the_app_of_its_service_alone(tmp_path: Path) -> None:
    for app, codes in [("api", ["AF713"]), ("worker", [])]:
        root = write(tmp_path, FLAT, f"src/{app}")
        (root / "blueprints/orders.py").write_text(BLOBS)
        assert [found.code for found in find_problems(root, "AF713")] == codes


@pytest.mark.parametrize("project", ["./src", "./src/api", "./src/api/app"])
def test_the_folder_of_a_service_that_is_not_that_of_the_app(project: str, tmp_path: Path) -> None:
    services = {"api": project, "worker": "./worker"}
    azure = "services:\n" + "".join(f"  {n}: {{project: {p}}}\n" for n, p in services.items())
    found = Project(write(tmp_path, {**FLAT, "azure.yaml": azure}, "src/api")).plan
    assert found
    assert found.id == "flex"


def test_a_module_that_may_be_for_several_services_counts(tmp_path: Path) -> None:
    main = OWN_MODULES["infra/main.bicep"].removesuffix("}\n") + "  plan: workerPlan.id\n}\n"
    worker = SITE.format(name="worker", tag="'worker'", version="3.11")
    other = "param other string\n" + SITE.format(name="more", tag="other", version="3.11")
    files = {"infra/main.bicep": main + PLANS.format(name="worker", sku="EP1")}
    for text, plan in [(worker, "flex"), (other + worker, None), (worker + other, None)]:
        modules = {**OWN_MODULES, **files, "infra/app/worker.bicep": text}
        found = Project(write(tmp_path, modules, "src/api")).plan
        assert (found.id if found else None) == plan


@pytest.mark.parametrize(
    "azure",
    [
        "",
        "name: shop\n",
        AZURE.replace("./src/api", "./elsewhere"),
        AZURE.replace("azd", "x").replace("worker", "other"),
        "services: {api: {project: src/api}}\n",
        AZURE.replace("\n  web:", "\n\tweb:"),
    ],
)
def test_the_plan_is_not_known_if_azure_yaml_does_not_decide(azure: str, tmp_path: Path) -> None:
    project = Project(write(tmp_path, {**FLAT, "azure.yaml": azure}, "src/api"))
    assert project.plan is None
