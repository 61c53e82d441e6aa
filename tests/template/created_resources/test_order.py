"""In which order a deployment creates the resources of each file in infra/."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support.bicep_cli import Bicep
from tests.support.created_resources import EVERY


def of_type(template: Mapping[str, Any], kind: str) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the resources of a type that a compiled file and its modules declare, each file's together."""
    listed = template["resources"]
    resources = listed if isinstance(listed, list) else list(listed.values())
    if found := [resource for resource in resources if resource["type"] == kind]:
        yield found
    for resource in resources:
        if resource["type"] == "Microsoft.Resources/deployments":
            yield from of_type(resource["properties"]["template"], kind)


@pytest.mark.parametrize(
    "kind",
    [
        # StorageAccountOperationInProgress: https://github.com/Azure/bicep-registry-modules/issues/6001
        "Microsoft.Network/privateEndpoints",
        # PreconditionFailed: https://github.com/hashicorp/terraform-provider-azurerm/issues/15842
        "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments",
    ],
    ids=["private endpoint", "role in Cosmos DB"],
)
def test_what_locks_a_service_is_created_one_at_a_time(
    kind: str, infra: Callable[..., Path], bicep: Bicep
) -> None:
    _, template = bicep.compile(infra(EVERY) / "main.bicep")
    files = list(of_type(template, kind))
    assert files
    for loops in files:
        assert [(loop["copy"]["mode"], loop["copy"]["batchSize"]) for loop in loops] == (
            [("serial", 1)] * len(loops)
        )
        for before, after in pairwise(loops):
            assert before["copy"]["name"] in after["dependsOn"]
