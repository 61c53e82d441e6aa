"""References to secrets in Key Vault."""

import pytest

from tests.support.validator import Find, Plant
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
