"""Bicep, Terraform and workflows that choose a hosting plan, for the tests of the rules about it."""

SITE = """
resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'shop'
  kind: 'functionapp,linux'
  properties: {
    serverFarmId: plan.id
    siteConfig: {
      appSettings: [
        { name: '%s', value: 'x' }
      ]
    }
    functionAppConfig: {
      runtime: {
        name: 'python'
        version: %s
      }
    }
  }
}
"""


def plan(name: str, tier: str = "", top: str = "") -> str:
    """Return Bicep with a plan, whose SKU is an expression."""
    second = f"\n    tier: {tier}" if tier else ""
    return (
        f"{top}\nresource plan 'Microsoft.Web/serverfarms@2024-04-01' = {{\n  name: 'plan'\n"
        f"  sku: {{\n    name: {name}{second}\n  }}\n}}\n"
    )


FLEX = plan("'FC1'", "'FlexConsumption'")
CONSUMPTION = plan("'Y1'", "'Dynamic'")


def site(setting: str = "ORDERS", version: str = "'3.13'") -> str:
    """Return Bicep with a function app on the Flex Consumption plan."""
    return FLEX + SITE % (setting, version)
