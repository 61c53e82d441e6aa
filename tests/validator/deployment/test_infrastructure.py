"""The versions of Python that Bicep names."""

import pytest

from functions_validator.project.project import Project
from tests.support.validator import Files, Plant

STACK = "linuxFxVersion: {}\n"
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
        ({"main.bicep": f"param v string = '3.12'\n{IN_ONE_TEXT}"}, ["3.12"]),
        ({"main.bicep": f"param v string\n{IN_ONE_TEXT}"}, []),
        ({"main.bicep": STACK.format("'Python|${toLower(v)}'")}, []),
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
