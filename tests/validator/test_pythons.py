"""AF421 and AF422: the Python that the app runs on in Azure, on New Year's Day of 2027."""

import pytest

from tests.support.validator import Files, Plant, judge

IMAGE = "FROM mcr.microsoft.com/azure-functions/python:4-python{}\n"


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({"Dockerfile": IMAGE.format("3.13")}, []),
        ({"Dockerfile": IMAGE.format("3.11-appservice")}, []),
        ({"Dockerfile": IMAGE.format("3.10")}, ["AF422"]),
        ({"Dockerfile": "# " + IMAGE.format("3.8") + IMAGE.format("3.12")}, []),
        ({"Dockerfile": IMAGE.format("3.99")}, ["AF421"]),
        ({"Dockerfile": "FROM python:3.8\n"}, []),
        ({".python-version": "3.9.18\n"}, ["AF422"]),
        ({".python-version": "3.12\n"}, []),
        ({".python-version": "our-environment\n"}, []),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.9"\n'}, []),
        ({"pyproject.toml": '[project]\nrequires-python = "==3.9.*"\n'}, ["AF422"]),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.8,<3.10"\n'}, ["AF422"]),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.9,<4"\n'}, []),
        ({"infra/main.bicep": "linuxFxVersion: 'Python|3.9'\n"}, ["AF422"]),
        ({"infra/main.bicep": "linuxFxVersion: 'Python|3.13'\n"}, []),
    ],
)
def test_pythons(files: Files, codes: list[str], plant: Plant) -> None:
    assert [found.code for found in judge(plant(files), "AF42")] == codes
