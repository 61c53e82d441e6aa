"""Templates of Azure Resource Manager in JSON: the plan, the version of Python and the app settings."""

import json
from typing import Any

import pytest

from functions_validator.project.project import Project
from tests.support.validator import HEALTHY, Files, Plant, find_problems

Body = dict[str, Any]
SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def template(*resources: Body, **parts: object) -> Body:
    """Return a template with resources, parameters and variables."""
    return {"$schema": SCHEMA, "contentVersion": "1.0.0.0", **parts, "resources": list(resources)}


def plan(sku: object = "FC1", name: str = "[variables('plan')]", **more: object) -> Body:
    return {"type": "Microsoft.Web/serverfarms", "name": name, "sku": {"name": sku}, **more}


def site(kind: str = "functionapp,linux", name: str = "shop", **properties: object) -> Body:
    return {
        "type": "Microsoft.Web/sites",
        "name": name,
        "kind": kind,
        "properties": {
            "serverFarmId": "[resourceId('Microsoft.Web/serverfarms', variables('plan'))]",
            **properties,
        },
    }


def flex(version: object = "3.13", **properties: object) -> Body:
    runtime = {"name": "python", "version": version}
    app = site()
    app["properties"] |= {"functionAppConfig": {"runtime": runtime}, **properties}
    return app


def with_settings(*names: str, **more: object) -> Body:
    return {"siteConfig": {"appSettings": [{"name": name, "value": "x"} for name in names]}, **more}


def nested(inner: Body, scope: str = "Inner", **parameters: object) -> Body:
    given = {name: {"value": value} for name, value in parameters.items()}
    options = {"expressionEvaluationOptions": {"scope": scope}}
    return {
        "type": "Microsoft.Resources/deployments",
        "name": "inner",
        "properties": {"mode": "Incremental", **options, "parameters": given, "template": inner},
    }


def parameter(default: object = None) -> Body:
    return {"type": "string"} | ({"defaultValue": default} if default else {})


def given(**values: object) -> str:
    return json.dumps({"parameters": {key: {"value": value} for key, value in values.items()}})


SKU = {"sku": parameter("Y1")}
TAKEN = template(plan("[parameters('sku')]"), site(), parameters=SKU)
BY_NAME = {
    **template(),
    "languageVersion": "2.0",
    "resources": {"plan": plan("EP1"), "app": site()},
}
CASES: list[tuple[Files, str | None]] = [
    ({"azuredeploy.json": json.dumps(template(plan(), flex()))}, "flex"),
    ({"infra/main.json": json.dumps(template(plan("Y1"), site()))}, "consumption"),
    ({"arm/functionapp.json": json.dumps(template(plan("EP1"), site()))}, "premium"),
    ({"deploy/template.json": json.dumps(BY_NAME)}, "premium"),
    ({"azuredeploy.json": json.dumps(TAKEN)}, "consumption"),
    (
        {
            "azuredeploy.json": json.dumps(TAKEN),
            "azuredeploy.parameters.json": given(sku="EP2", other=1),
        },
        "premium",
    ),
    (
        {
            "azuredeploy.json": json.dumps(TAKEN),
            "azuredeploy.dev.parameters.json": given(sku="Y1"),
            "azuredeploy.parameters.json": given(sku="EP1"),
        },
        None,
    ),
    (
        {"azuredeploy.json": json.dumps(TAKEN), "other.parameters.json": given(sku="EP1")},
        "consumption",
    ),
    (
        {
            "main.json": json.dumps(
                template(plan("[parameters('sku')]"), parameters={"sku": parameter()})
            )
        },
        None,
    ),
    (
        {
            "main.json": json.dumps(
                template(plan("[variables('it').sku]"), variables={"it": {"sku": "B1"}})
            )
        },
        "dedicated",
    ),
    (
        {
            "main.json": json.dumps(
                template(plan("[parameters('sku')]"), plan("Y1"), parameters={"sku": parameter()})
            )
        },
        None,
    ),
    ({"main.json": json.dumps(template(plan("[if(true(), 'Y1', 'B1')]")))}, None),
    ({"main.json": json.dumps(template(nested(TAKEN, sku="FC1")))}, "flex"),
    (
        {
            "main.json": json.dumps(
                template(
                    nested(TAKEN, sku="[parameters('size')]"), parameters={"size": parameter("B1")}
                )
            )
        },
        "dedicated",
    ),
    (
        {
            "main.json": json.dumps(
                template(nested(TAKEN, "outer", sku="B1"), parameters={"sku": parameter("EP1")})
            )
        },
        "premium",
    ),
    (
        {
            "main.json": json.dumps(
                template(
                    plan("B1", "web"), site("app", "web", serverFarmId="web"), plan("Y1"), site()
                )
            )
        },
        "consumption",
    ),
    (
        {"main.json": json.dumps(template(plan("B1", condition=False), plan("Y1"), site()))},
        "consumption",
    ),
    (
        {"main.json": json.dumps(template(plan("B1", existing=True), plan("Y1"), site()))},
        "consumption",
    ),
    ({"main.json": json.dumps(template(site(managedEnvironmentId="x")))}, "container_apps"),
    (
        {
            "main.json": json.dumps(
                template(
                    {"type": "Microsoft.App/containerApps", "name": "a", "kind": "functionApp"}
                )
            )
        },
        "container_apps",
    ),
    (
        {"main.json": json.dumps(template({"type": "Microsoft.App/containerApps", "name": "a"}))},
        None,
    ),
    ({"main.json": "// The plan\n" + json.dumps(template(plan("Y1")))[:-1] + ",}"}, "consumption"),
    ({"main.json": json.dumps(template(plan("Y1"))).replace('"Y1"', "'Y1'")}, "consumption"),
    ({"main.json": json.dumps(template(plan("Y1")))[:-20]}, None),
    ({"main.json": json.dumps(template(plan("Y1")))[:-1]}, None),
    ({"main.json": json.dumps([template(plan("Y1"))])}, None),
    ({"data/main.json": json.dumps({"resources": [plan("Y1")]})}, None),
]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_the_plan_of_a_template(files: Files, expected: str | None, plant: Plant) -> None:
    found = Project(plant(files)).plan
    assert (found.id if found else None) == expected


def compiled(sku: str) -> str:
    return json.dumps(template(plan(sku), metadata={"_generator": {"name": "bicep"}}))


def test_a_compiled_template_does_not_count_beside_its_bicep(plant: Plant) -> None:
    bicep = "resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {\n  sku: {\n    name: 'Y1'\n  }\n}\n"
    found = Project(plant({"infra/main.json": compiled("EP1"), "infra/main.bicep": bicep})).plan
    assert found
    assert (found.id, found.place.path) == ("consumption", "infra/main.bicep")
    written = json.dumps(template(plan("EP1")))
    assert not Project(plant({"infra/main.json": written, "infra/main.bicep": bicep})).plan
    alone = Project(plant({"infra/main.json": compiled("EP1")})).plan
    assert alone
    assert alone.id == "premium"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (template(flex("3.12")), ["3.12"]),
        (template(flex("[parameters('v')]"), parameters={"v": parameter("3.11")}), ["3.11"]),
        (template(site(siteConfig={"linuxFxVersion": "Python|3.10"})), ["3.10"]),
        (
            template(
                site(siteConfig={"linuxFxVersion": "[variables('s')]"}),
                variables={"s": "PYTHON|3.9"},
            ),
            ["3.9"],
        ),
        (template(site("functionApp", siteConfig={"linuxFxVersion": "Python|3.10"})), ["3.10"]),
        (template(site("app,linux", siteConfig={"linuxFxVersion": "PYTHON|3.9"})), []),
        (template(site(siteConfig={"linuxFxVersion": "NODE|20"})), []),
        (template(nested(template(flex("3.13")))), ["3.13"]),
        (template(flex("[concat('3.', '9')]")), []),
        (template(flex("[variables('v')]"), variables={"v": "[variables('v')]"}), []),
    ],
)
def test_the_version_of_python(found: Body, expected: list[str], plant: Plant) -> None:
    project = Project(plant({"azuredeploy.json": json.dumps(found)}))
    assert [version.text for version in project.runtime_versions] == expected


def test_the_version_is_compared_with_the_others(plant: Plant) -> None:
    files: Files = {
        "azuredeploy.json": json.dumps(template(flex("3.12")), indent=2),
        ".python-version": "3.11\n",
    }
    [found] = find_problems(plant(files), "AF425")
    lines = str(files["azuredeploy.json"]).splitlines()
    assert (found.path, lines[found.line - 1].strip()) == ("azuredeploy.json", '"version": "3.12"')


WORKERS = "FUNCTIONS_WORKER_RUNTIME"


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        ([plan(), flex(**with_settings(WORKERS))], 1),
        ([plan(), flex(**with_settings("ORDERS"))], 0),
        ([plan(), flex(**with_settings(WORKERS)) | {"kind": "[parameters('kind')]"}], 1),
        ([plan(), flex(), site(name="api", **with_settings(WORKERS))], 0),
        ([plan(), flex(), site("app,linux", "web", **with_settings(WORKERS))], 0),
        ([plan(), flex(siteConfig={"appSettings": "[variables('settings')]"})], 1),
        (
            [
                plan(),
                {
                    **flex(),
                    "resources": [
                        {"type": "config", "name": "appsettings", "properties": {WORKERS: "python"}}
                    ],
                },
            ],
            1,
        ),
        (
            [
                plan(),
                flex(),
                {
                    "type": "Microsoft.Web/sites/config",
                    "name": "shop/appSettings",
                    "properties": {WORKERS: "python"},
                },
            ],
            1,
        ),
        (
            [
                plan(),
                flex(),
                {
                    "type": "Microsoft.Web/sites/config",
                    "name": "web/appSettings",
                    "properties": {WORKERS: "python"},
                },
            ],
            0,
        ),
        ([plan("Y1"), site(**with_settings(WORKERS))], 0),
        ([plan(), flex(), {"type": "config", "name": "appsettings"}], 0),
        (
            [
                plan(),
                flex(),
                {
                    "type": "Microsoft.Web/staticSites/config",
                    "name": "shop/appsettings",
                    "properties": {WORKERS: "python"},
                },
            ],
            0,
        ),
        ([plan(), flex(), {"type": "Microsoft.Web/sites/config", "name": "shop/appsettings"}], 0),
    ],
)
def test_settings_that_flex_does_not_take(resources: list[Body], count: int, plant: Plant) -> None:
    variables = {"plan": "plan", "settings": [{"name": WORKERS, "value": "python"}]}
    text = json.dumps(template(*resources, variables=variables), indent=2)
    found = find_problems(plant({"azuredeploy.json": text}), "AF714")
    assert len(found) == count
    for one in found:
        assert WORKERS in text.splitlines()[one.line - 1]


def test_a_trigger_that_the_plan_of_a_template_does_not_run(plant: Plant) -> None:
    blueprint = HEALTHY["blueprints/orders.py"].replace(
        'queue_trigger(arg_name="message", queue_name="orders"',
        'blob_trigger(arg_name="message", path="orders/{name}"',
    )
    text = json.dumps(template(plan(), flex()))
    app = plant({"azuredeploy.json": text, "blueprints/orders.py": blueprint})
    assert [one.code for one in find_problems(app, "AF713")] == ["AF713"]
