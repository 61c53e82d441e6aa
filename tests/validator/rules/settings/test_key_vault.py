"""References to secrets in Key Vault."""

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.settings_files import local

URI = "SecretUri=https://shop.vault.azure.net/secrets/orders"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (f"@Microsoft.KeyVault({URI}", "its brackets are incomplete"),
        (f"@Microsoft.KeyVault{URI}", "its brackets are incomplete"),
        ("@Microsoft.KeyVault(SecretUri=<uri>", "its brackets are incomplete"),
        ("@Microsoft.KeyVault(SecretUri=orders)", "its SecretUri is not the address of a secret"),
        (
            "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/keys/a)",
            "its SecretUri is not",
        ),
        ("@Microsoft.KeyVault(VaultName=shop)", "it has no SecretName"),
        ("@Microsoft.KeyVault(SecretName=orders;VaultName=)", "it has no VaultName"),
        (
            "@Microsoft.KeyVault(https://shop.vault.azure.net)",
            "it has no VaultName and no SecretName",
        ),
        ("@Microsoft.KeyVault()", "it has no VaultName and no SecretName"),
    ],
)
def test_malformed_references(value: str, why: str, plant: Plant, find: Find) -> None:
    [found] = find(plant({"local.settings.json": local(OrdersStorage=value)}), "AF319")
    assert found.path == "local.settings.json"
    assert found.message.startswith(f"OrdersStorage is a reference to Key Vault, but {why}")


@pytest.mark.parametrize(
    "value",
    [
        f"@Microsoft.KeyVault({URI})",
        f"@Microsoft.KeyVault({URI}/)",
        f"@Microsoft.KeyVault({URI}/ec96f02080254f109c51a1f14cdb1931)",
        f"@microsoft.keyvault({URI})",
        "@Microsoft.KeyVault(VaultName=shop;SecretName=orders)",
        "@Microsoft.KeyVault(VaultName=shop; SecretName=orders; SecretVersion=ec96)",
        "@Microsoft.KeyVault(SecretUri=<the address>)",
        "@Microsoft.KeyVault(SecretUri=${KEY_VAULT}secrets/orders)",
        "@Microsoft.KeyVault(...)",
        "UseDevelopmentStorage=true",
    ],
)
def test_other_values(value: str, plant: Plant, find: Find) -> None:
    assert find(plant({"local.settings.json": local(OrdersStorage=value)}), "AF319") == []


BICEP = """
resource app 'Microsoft.Web/sites@2024-04-01' = {{
  name: 'shop'
  properties: {{
    siteConfig: {{
      appSettings: [
        {{ name: 'OrdersStorage', value: '{value}' }}
      ]
    }}
  }}
}}
"""
TERRAFORM = """
resource "azurerm_linux_function_app" "shop" {{
  app_settings = {{
    OrdersStorage = "{value}"
  }}
}}
"""
PARAMETERS = '{{"parameters": {{"storage": {{"value":\n\n\n\n "{value}"}}}}}}'
FILES = [("infra/main.bicep", BICEP, 6), ("infra/main.tf", TERRAFORM, 3)]


@pytest.mark.parametrize(("path", "text", "line"), FILES)
@pytest.mark.parametrize(
    ("value", "why"),
    [
        (f"@Microsoft.KeyVault({URI}", "its brackets are incomplete"),
        ("@Microsoft.KeyVault(SecretUri=${uri}", "its brackets are incomplete"),
        ("@Microsoft.KeyVault(VaultName=${vault},SecretName=a)", "it has no SecretName"),
        ("@Microsoft.KeyVault(SecretName=${name})", "it has no VaultName"),
        ("@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/a)", "its SecretUri is not"),
    ],
)
def test_malformed_references_in_infrastructure(
    path: str, text: str, line: int, value: str, why: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant({path: text.format(value=value)}), "AF319")
    assert (found.path, found.line) == (path, line)
    assert found.message.startswith(f"This is a reference to Key Vault, but {why}")


def test_malformed_references_in_parameters(plant: Plant, find: Find) -> None:
    path = "infra/main.parameters.json"
    text = PARAMETERS.format(value=f"@Microsoft.KeyVault({URI}")
    [found] = find(plant({path: text}), "AF319")
    assert (found.path, found.line) == (path, 5)


@pytest.mark.parametrize(("path", "text"), [(path, text) for path, text, _ in FILES])
@pytest.mark.parametrize(
    "value",
    [
        f"@Microsoft.KeyVault({URI})",
        "@Microsoft.KeyVault(SecretUri=${secret.properties.secretUri})",
        "@Microsoft.KeyVault(VaultName=${vault};SecretName=a)",
        "@Microsoft.KeyVault(VaultName=${vault};SecretName=${name})",
        "@Microsoft.KeyVault(${reference})",
        "@Microsoft.KeyVault${reference}",
        "@Microsoft.KeyVault(SecretUri=${vault}secrets/a)",
        "@Microsoft.KeyVault(",
        "@Microsoft.KeyVault(SecretUri=",
        "@Microsoft.KeyVault(VaultName=${vault};SecretName=",
        "@Microsoft.KeyVault(SecretUri=${vault}secrets/",
    ],
)
def test_other_values_in_infrastructure(
    path: str, text: str, value: str, plant: Plant, find: Find
) -> None:
    assert find(plant({path: text.format(value=value)}), "AF319") == []


@pytest.mark.parametrize(
    "value",
    [
        "concat('@Microsoft.KeyVault(SecretUri=', uri, ')')",
        "format('@Microsoft.KeyVault(SecretUri={0})', uri)",
        "'@Microsoft.KeyVault(SecretUri=${vaults['a'].uri}secrets/a)'",
        "'@Microsoft.KeyVault(SecretUri=${format('{0}secrets/a', uri)})'",
    ],
)
def test_references_that_bicep_makes(value: str, plant: Plant) -> None:
    text = BICEP.replace("'{value}'", value).replace("{{", "{").replace("}}", "}")
    assert find_problems(plant({"infra/main.bicep": text}), "AF319") == []


def test_a_variable_of_bicep_may_be_a_part(plant: Plant) -> None:
    text = "var vault = '@Microsoft.KeyVault(VaultName=shop'\noutput a string = '${vault};SecretName=a)'\n"
    assert find_problems(plant({"infra/main.bicep": text}), "AF319") == []
