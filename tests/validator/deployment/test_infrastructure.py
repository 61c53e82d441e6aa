"""The versions of Python that Bicep names."""

import pytest

from functions_validator.project.project import Project
from tests.support.validator import Files, Plant

STACK = """
resource api 'Microsoft.Web/sites@2024-04-01' = {{
  kind: 'functionapp,linux'
  properties: {{
    siteConfig: {{
      linuxFxVersion: {}
    }}
  }}
}}
"""
RUNTIME = """
resource api 'Microsoft.Web/sites@2024-04-01' = {
  properties: { functionAppConfig: { runtime: { name: 'python', version: v } } }
}
"""
IN_ONE_TEXT = STACK.format("'Python|${v}'")
IN_TWO_PARTS = "param name string\nparam v string\n" + STACK.format("'${name}|${v}'")
MODULE = """
module api{0} './api.bicep' = {{
  params: {{
    name: '{1}'
    v: '{2}'
  }}
}}
"""


@pytest.mark.parametrize(
    ("files", "versions"),
    [
        ({"main.bicep": STACK.format("'Python|3.12'")}, ["3.12"]),
        ({"main.bicep": f"param fx string = 'PYTHON|3.12'\n{STACK.format('fx')}"}, ["3.12"]),
        ({"main.bicep": f"var fx = 'Python|3.12'\n{STACK.format('fx')}"}, ["3.12"]),
        ({"main.bicep": f"param fx string = 'NODE|20'\n{STACK.format('fx')}"}, []),
        ({"main.bicep": f"param fx string\n{STACK.format('fx')}"}, []),
        ({"main.bicep": f"var fx = fx\n{STACK.format('fx')}"}, []),
        ({"main.bicep": f"param v string = '3.12'\n{IN_ONE_TEXT}"}, ["3.12"]),
        ({"main.bicep": f"param v string\n{IN_ONE_TEXT}"}, []),
        ({"main.bicep": STACK.format("'Python|${toLower(v)}'")}, []),
        ({"main.bicep": STACK.format("'Python|$v'")}, []),
        ({"main.bicep": f"param v string\n{RUNTIME}"}, []),
        ({"main.bicep": f"param v string = '3.12'\n{RUNTIME}"}, ["3.12"]),
        ({"main.bicep": STACK.format("isLinux ? 'Python|3.12' : null")}, []),
        (
            {
                "main.bicep": f"param linuxFxVersion string\n{STACK.format('linuxFxVersion')}",
                "main.bicepparam": "using './main.bicep'\nparam linuxFxVersion = 'Python|3.12'\n",
            },
            ["3.12"],
        ),
        (
            {"main.bicep": MODULE.format(1, "python", "3.12"), "api.bicep": IN_TWO_PARTS},
            ["3.12"],
        ),
        (
            {
                "main.bicep": MODULE.format(1, "python", "3.12")
                + MODULE.format(2, "python", "3.11").replace("api.bicep", "other.bicep"),
                "api.bicep": IN_TWO_PARTS,
            },
            ["3.12"],
        ),
        (
            {
                "main.bicep": MODULE.format(1, "python", "3.12")
                + MODULE.format(2, "dotnetcore", "3.1"),
                "api.bicep": IN_TWO_PARTS,
            },
            [],
        ),
    ],
)
def test_the_stack_of_a_site(files: Files, versions: list[str], plant: Plant) -> None:
    project = Project(plant({f"infra/{name}": text for name, text in files.items()}))
    assert [value.text for value in project.runtime_versions] == versions


ONE_VERSION = f"param v string = '3.12'\n{IN_ONE_TEXT}"
TWO_KINDS = "param kind string\n" + ONE_VERSION.replace("'functionapp,linux'", "kind")
LITERAL = STACK.format("'Python|3.12'")


def given_kinds(*kinds: str) -> str:
    """Return modules that make an app of each kind, and each with another version."""
    return "".join(
        MODULE.format(minor, "python", f"3.{minor}").replace("name: 'python'", f"kind: '{kind}'")
        for minor, kind in enumerate(kinds, 11)
    )


@pytest.mark.parametrize(
    ("files", "versions"),
    [
        ({"main.bicep": ONE_VERSION.replace("= {", "= if (false) {")}, []),
        ({"main.bicep": ONE_VERSION.replace("functionapp", "app")}, []),
        ({"main.bicep": LITERAL.replace("functionapp", "app")}, []),
        ({"main.bicep": LITERAL.replace("'functionapp,linux'", "kind")}, ["3.12"]),
        (
            {"main.bicep": "param v string = '3.12'\nvar a = { linuxFxVersion: 'Python|${v}' }"},
            [],
        ),
        ({"main.bicep": given_kinds("functionapp"), "api.bicep": TWO_KINDS}, ["3.11"]),
        ({"main.bicep": given_kinds("functionapp", "app"), "api.bicep": TWO_KINDS}, []),
        ({"main.bicep": given_kinds("functionapp", "functionapp"), "api.bicep": TWO_KINDS}, []),
        ({"main.bicep": ONE_VERSION, "deploy.sh": "az deployment group create -p v=3.11"}, []),
        (
            {"main.bicep": ONE_VERSION, "a.sh": "az deployment sub create --parameters 'v=3.11'"},
            [],
        ),
        (
            {"main.bicep": ONE_VERSION, "a.ps1": "New-AzResourceGroupDeployment -v '3.11'"},
            [],
        ),
        ({"main.bicep": ONE_VERSION, "a.sh": "v=3.11"}, ["3.12"]),
        (
            {"main.bicep": ONE_VERSION, "a.sh": "az deployment group create -p other=3.11"},
            ["3.12"],
        ),
    ],
)
def test_the_stack_of_an_app_that_may_be_another(
    files: Files, versions: list[str], plant: Plant
) -> None:
    project = Project(plant({f"infra/{name}": text for name, text in files.items()}))
    assert [value.text for value in project.runtime_versions] == versions
