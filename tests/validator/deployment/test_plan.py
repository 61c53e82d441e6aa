"""Which hosting plan an app has, as its files choose it."""

from pathlib import Path

import pytest

from functions_validator.project.project import Project
from tests.support.validator import Files, Plant
from tests.validator.rules.plan_files import CONSUMPTION, FLEX, plan

MODULE = """
param planSku string
resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan'
  sku: { name: planSku }
}
"""
USES = "module hosting 'hosting.bicep' = {\n  params: {\n    planSku: 'EP1'\n  }\n}\n"
AZD = """
module hosting './core/host/appserviceplan.bicep' = {
  name: 'plan'
  params: {
    name: 'x'
    sku: {
      name: 'Y1'
      tier: 'Dynamic'
    }
  }
}
"""
AZD_MODULE = """
param sku object
resource plan 'Microsoft.Web/serverfarms@2022-03-01' = {
  name: 'x'
  sku: sku
}
"""
AVM = """
module hosting 'br/public:avm/res/web/serverfarm:0.4.1' = {
  params: {
    name: 'x'
    skuName: 'FC1'
    reserved: true
  }
}
"""
DATABASE = """
resource "azurerm_postgresql_flexible_server" "x" {
  sku_name   = "B_Standard_B1ms"
  depends_on = [azurerm_service_plan.x]
  tags       = { beside = "Microsoft.Web/serverfarms" }
}
"""
CONTAINER = """
resource app 'Microsoft.App/containerApps@2024-10-02-preview' = {
  kind: 'functionapp'
  name: 'x'
}
"""
IN_CONTAINER = """
resource app 'Microsoft.Web/sites@2024-04-01' = {
  kind: 'functionapp,linux,container,azurecontainerapps'
  properties: {
    managedEnvironmentId: environment.id
  }
}
"""
SERVICE_PLAN = 'resource "azurerm_service_plan" "x" {\n  name     = "x"\n  sku_name = %s\n}\n'
ACTION = "jobs:\n  a:\n    steps:\n      - uses: Azure/functions-action@v1\n        with:\n          {}\n"

KNOWN: list[tuple[Files, str, str]] = [
    ({"infra/main.bicep": FLEX}, "flex", "infra/main.bicep"),
    ({"infra/app/main.bicep": plan("'FC1'")}, "flex", "infra/app/main.bicep"),
    ({"infra/main.bicep": CONSUMPTION}, "consumption", "infra/main.bicep"),
    ({"infra/main.bicep": plan("'EP2'", "'ElasticPremium'")}, "premium", "infra/main.bicep"),
    ({"infra/main.bicep": plan("'P1v3'", "'PremiumV3'")}, "dedicated", "infra/main.bicep"),
    ({"infra/main.bicep": plan("'B1'")}, "dedicated", "infra/main.bicep"),
    (
        {"infra/main.bicep": plan("sku", top="param sku string = 'Y1'")},
        "consumption",
        "infra/main.bicep",
    ),
    ({"infra/main.bicep": plan("sku", top="var sku = 'FC1'")}, "flex", "infra/main.bicep"),
    ({"infra/main.bicep": USES, "infra/hosting.bicep": MODULE}, "premium", "infra/main.bicep"),
    (
        {"infra/main.bicep": AZD, "infra/core/host/appserviceplan.bicep": AZD_MODULE},
        "consumption",
        "infra/main.bicep",
    ),
    ({"infra/main.bicep": AVM}, "flex", "infra/main.bicep"),
    ({"infra/main.bicep": CONTAINER}, "container_apps", "infra/main.bicep"),
    ({"infra/main.bicep": IN_CONTAINER}, "container_apps", "infra/main.bicep"),
    (
        {
            "infra/main.bicep": plan("sku", top="param sku string = 'Y1'"),
            "infra/main.bicepparam": "using 'main.bicep'\nparam sku = 'EP1'\n",
        },
        "premium",
        "infra/main.bicepparam",
    ),
    (
        {
            "infra/main.bicep": plan("sku", top="param sku string = 'Y1'"),
            "infra/dev/dev.bicepparam": "using '../main.bicep'\nparam sku = 'EP1'\n",
        },
        "premium",
        "infra/dev/dev.bicepparam",
    ),
    (
        {
            "infra/main.bicep": plan("sku", top="param sku string = 'Y1'"),
            "infra/main.parameters.json": '{"parameters": {"sku": {"value": "EP1"}}}',
        },
        "premium",
        "infra/main.parameters.json",
    ),
    ({"main.tf": SERVICE_PLAN % '"FC1"'}, "flex", "main.tf"),
    ({"main.tf": SERVICE_PLAN % '"Y1"'}, "consumption", "main.tf"),
    ({"main.tf": SERVICE_PLAN % '"FC1"' + DATABASE}, "flex", "main.tf"),
    ({"main.bicep": AVM.replace("skuName", "sku")}, "flex", "main.bicep"),
    (
        {
            "infra/main.tf": SERVICE_PLAN % "var.sku",
            "infra/variables.tf": 'variable "sku" {\n  type    = string\n  default = "EP1"\n}\n',
        },
        "premium",
        "infra/variables.tf",
    ),
    (
        {
            "infra/main.tf": SERVICE_PLAN % "var.sku",
            "infra/variables.tf": 'variable "sku" {\n  default = "EP1"\n}\n',
            "infra/terraform.tfvars": 'sku = "Y1"\n',
        },
        "consumption",
        "infra/terraform.tfvars",
    ),
    (
        {
            "infra/main.tf": 'module "plan" {\n  source = "./modules/plan"\n  sku    = "FC1"\n}\n',
            "infra/modules/plan/main.tf": SERVICE_PLAN % "var.sku",
        },
        "flex",
        "infra/main.tf",
    ),
    (
        {"infra/main.tf": 'locals {\n  sku = "FC1"\n}\n' + SERVICE_PLAN % "local.sku"},
        "flex",
        "infra/main.tf",
    ),
    (
        {"infra/main.tf": 'resource "azurerm_function_app_flex_consumption" "x" {\n}\n'},
        "flex",
        "infra/main.tf",
    ),
    (
        {
            "infra/main.tf": 'resource "azapi_resource" "x" {\n  type = "Microsoft.Storage/storageAccounts@2024-01-01"\n'
            '  body = {\n    sku = {\n      name = "Standard_LRS"\n    }\n  }\n}\n'
            + SERVICE_PLAN
            % '"FC1"'
        },
        "flex",
        "infra/main.tf",
    ),
    (
        {"infra/main.tf": 'resource "azurerm_container_app" "x" {\n}\n'},
        "container_apps",
        "infra/main.tf",
    ),
    (
        {
            "infra/main.tf": 'resource "azapi_resource" "x" {\n  type = "Microsoft.Web/serverfarms@2024-04-01"\n'
            '  body = {\n    sku = {\n      tier = "FlexConsumption"\n      name = "FC1"\n    }\n  }\n}\n'
        },
        "flex",
        "infra/main.tf",
    ),
    (
        {".github/workflows/deploy.yml": ACTION.format("sku: flexconsumption")},
        "flex",
        ".github/workflows/deploy.yml",
    ),
    (
        {"deploy.sh": "az functionapp create --name x --flexconsumption-location westeurope\n"},
        "flex",
        "deploy.sh",
    ),
    (
        {
            "deploy.sh": "az functionapp create --name x \\\n  --consumption-plan-location westeurope\n"
        },
        "consumption",
        "deploy.sh",
    ),
    (
        {".github/workflows/deploy.yml": ACTION.format("sku:\tflexconsumption\t# the plan")},
        "flex",
        ".github/workflows/deploy.yml",
    ),
    (
        {
            ".github/workflows/deploy.yml": "run: >\n  az functionapp plan create\n  --name x\n  --sku EP1\n"
        },
        "premium",
        ".github/workflows/deploy.yml",
    ),
    (
        {"deploy.ps1": "az functionapp plan create `\r\n  --name x `\r\n  --sku EP1\r\n"},
        "premium",
        "deploy.ps1",
    ),
    (
        {"deploy.sh": "az functionapp plan create --name x \\\n  --sku EP1\n"},
        "premium",
        "deploy.sh",
    ),
    (
        {
            "azure-pipelines.yml": "- task: AzureFunctionApp@2\n  inputs:\n    isFlexConsumption: true\n"
        },
        "flex",
        "azure-pipelines.yml",
    ),
    (
        {
            "azure-pipelines.yml": "- {task: AzureFunctionApp@2, inputs: {'isFlexConsumption': 'True'}}\n"
        },
        "flex",
        "azure-pipelines.yml",
    ),
    (
        {".github/workflows/deploy.yml": ACTION.format('"sku": &plan FlexConsumption # the plan')},
        "flex",
        ".github/workflows/deploy.yml",
    ),
]


@pytest.mark.parametrize(("files", "plan_id", "path"), KNOWN)
def test_the_plan_is_known(files: Files, plan_id: str, path: str, plant: Plant) -> None:
    found = Project(plant(files)).plan
    assert found is not None
    assert (found.id, found.place.path) == (plan_id, path)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"infra/main.bicep": plan("isProduction ? 'EP1' : 'FC1'")},
        {"infra/main.bicep": plan("sku", top="param sku string")},
        {"infra/main.bicep": plan("sku", top="param sku string") + CONSUMPTION},
        {"infra/main.bicep": plan("sku", top="param sku string"), "main.parameters.json": "{}"},
        {
            "infra/main.tf": SERVICE_PLAN % "var.sku",
            "infra/more/variables.tf": 'variable "sku" {\n  default = "EP1"\n}\n',
        },
        {"infra/main.bicep": plan("toUpper('fc1')")},
        {"infra/main.tf": SERVICE_PLAN % "each.value"},
        {"infra/main.bicep": "/*" + FLEX + "*/"},
        {"infra/main.bicep": "".join(f"// {line}\n" for line in FLEX.splitlines())},
        {"infra/main.bicep": FLEX, "infra/other.bicep": CONSUMPTION},
        {
            "infra/main.bicep": FLEX,
            ".github/workflows/a.yml": "run: az functionapp create --consumption-plan-location x\n",
        },
        {"infra/main.bicep": FLEX.replace("' = {", "' existing = {")},
        {"infra/main.bicep": FLEX.replace("Web/serverfarms", "Storage/storageAccounts")},
        {"infra/main.tf": SERVICE_PLAN % "var.sku"},
        {"infra/main.tf": "# " + (SERVICE_PLAN % '"FC1"').replace("\n", "\n# ")},
        {"deploy.sh": "# az functionapp create --flexconsumption-location westeurope\n"},
        {"deploy.sh": 'az functionapp plan create --name x --sku "$SKU"\n'},
        {"deploy.yml": "- run: |\n    echo sku: flexconsumption\n"},
        {"deploy.yml": "with: {sku: flexconsumption\n"},
        {"deploy.yml": "- if: false\n  run: az functionapp create --flexconsumption-location x\n"},
        {"deploy.yml": "- if: false\n  run: az functionapp plan create --sku EP1\n"},
        {"README.md": "az functionapp create --flexconsumption-location westeurope\n"},
    ],
)
def test_the_plan_is_not_known(files: Files, plant: Plant) -> None:
    assert Project(plant(files)).plan is None


def test_the_infrastructure_beside_the_app_counts(plant: Plant) -> None:
    app = plant({"../infra/main.bicep": FLEX})
    found = Project(app).plan
    assert found is not None
    assert (found.id, found.place.path) == ("flex", "../infra/main.bicep")


def test_modules_that_terraform_downloaded_do_not_count(plant: Plant) -> None:
    files: Files = {
        "infra/main.bicep": FLEX,
        "infra/.terraform/modules/x/main.tf": SERVICE_PLAN % '"Y1"',
        "../infra/.terraform/modules/x/main.tf": SERVICE_PLAN % '"Y1"',
    }
    found = Project(plant(files)).plan
    assert found is not None
    assert found.id == "flex"
    assert Project(plant({**files, "infra/main.bicep": ""})).plan is None


def test_the_plan_in_the_folder_of_the_app_wins(plant: Plant) -> None:
    app = plant({"../infra/main.bicep": FLEX, "infra/main.bicep": CONSUMPTION})
    found = Project(app).plan
    assert found is not None
    assert found.id == "consumption"


def test_other_repositories_do_not_count(tmp_path: Path, plant: Plant) -> None:
    app = plant({".git/HEAD": "", "../infra/main.bicep": FLEX})
    assert app.parent == tmp_path
    assert Project(app).plan is None


ELSEWHERE = "run: az functionapp create --consumption-plan-location x\n---\n{}\n"


@pytest.mark.parametrize(
    ("text", "is_of_app"),
    [
        ("working-directory: app", True),
        ("working-directory: ./app", True),
        ("  package: '${{ github.workspace }}/app'", True),
        ("  PACKAGE_PATH: app/", True),
        ("  packageForLinux: $(System.DefaultWorkingDirectory)/app/app.zip", True),
        ("run: cd app && ./publish", True),
        ("run: (cd app; func azure functionapp publish x)", True),
        ("run: pip install -r app/requirements.txt", True),
        ("run: zip -r release.zip app", True),
        ("run: az functionapp deploy --src-path app.zip", True),
        ("on:\n  push:\n    paths:\n      - 'app/**'", True),
        ("matrix:\n  name: [other, app]", True),
        ("matrix:\n  name:\n    - app\n    - other", True),
        ("run: pushd .\\app; func azure functionapp publish x", True),
        ("run: pip install -r app\\requirements.txt", True),
        ("  package: '$(Build.SourcesDirectory)\\app'", True),
        ("env:\n  SHOP: app\nrun: cd $SHOP", True),
        ("env: { SHOP: other }\nSHOP='app'\nrun: cd \"${SHOP}\"", True),
        ("env:\n  SHOP: app\nrun: pushd $env:SHOP", True),
        ("env:\n  SHOP: ./app\nworking-directory: ${{ env.SHOP }}", True),
        ("env:\n  SHOP: app\nrun: cd $OTHER", False),
        ("env:\n  SHOP: other\nrun: cd $SHOP", False),
        ("run: pushd ..\\other\\app", False),
        ("working-directory: other", False),
        ("working-directory: other/app", False),
        ("working-directory: app-two", False),
        ("working-directory: my-app", False),
        ("working-directory: app.two", False),
        ("run: curl https://x.azurewebsites.net/app/health", False),
        ("run: curl $HOST/app/health", False),
        ("health-check-path: /app/health", False),
        ("name: Publish the app", False),
        ("branches: [app]", False),
    ],
)
def test_a_workflow_beside_the_app_must_name_its_folder(
    text: str, is_of_app: bool, plant: Plant
) -> None:
    workflow = "../.github/workflows/deploy.yml"
    for end in ("\n", "\r\n"):
        content = ELSEWHERE.format(text).replace("\n", end).encode()
        project = Project(plant({workflow: content}))
        assert (project.plan is not None) is is_of_app
        assert [source.path for source in project.deployment.workflows] == [workflow] * is_of_app


def test_a_workflow_names_an_app_with_the_folders_above_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    app = tmp_path / "src" / "app"
    app.mkdir(parents=True)
    script = tmp_path / "deploy.sh"
    for text, is_of_app in (("cd src/app", True), ("cd app", True), ("cd lib/app", False)):
        script.write_text(ELSEWHERE.format(text))
        assert (Project(app).plan is not None) is is_of_app
