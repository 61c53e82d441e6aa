"""The app settings that Terraform gives to the function app and to others."""

import pytest

from functions_validator.deployment.site_settings import site_settings
from functions_validator.project.project import Project
from tests.support.validator import Files, Plant

FLEX = 'resource "azurerm_function_app_flex_consumption" "app" {\n  app_settings = local.given\n}\n'
LOCALS = """
locals {
  given = {
    ORDERS = "x"
  }
}
resource "azurerm_linux_web_app" "web" {
  app_settings = local.given
}
"""
SITE = """
resource "azapi_resource" "site" {
  type = "Microsoft.Web/sites@2024-04-01"
  body = {
    kind       = "%s"
    properties = { siteConfig = { appSettings = [{ name = "ORDERS", value = "x" }] } }
  }
}
"""
MODULE = """
module "x" {
  source   = "%s"
  settings = { ORDERS = "x" }
}
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"infra/app.tf": FLEX, "infra/main.tf": LOCALS}, ["infra/main.tf"]),
        # Local values are those of a folder.
        ({"infra/app/main.tf": FLEX, "infra/main.tf": LOCALS}, []),
        ({"infra/main.tf": SITE % "functionapp,linux"}, ["infra/main.tf"]),
        ({"infra/main.tf": SITE % "app,linux"}, []),
        ({"infra/main.tf": MODULE % "./modules/functions"}, ["infra/main.tf"]),
        ({"infra/main.tf": MODULE % "./modules/web"}, []),
        ({"infra/main.tf": (SITE % "functionapp").replace("Web/sites", "App/containerApps")}, []),
    ],
)
def test_the_settings_of_the_app(files: Files, expected: list[str], plant: Plant) -> None:
    found = site_settings(Project(plant(files)).deployment, ["ORDERS"])
    assert [value.place.path for value in found] == expected
