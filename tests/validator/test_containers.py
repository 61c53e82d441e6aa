"""What a Dockerfile makes of the app."""

import pytest

from tests.support.validator import Files, Judged, Plant

FROM = "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\n"
INSTALL = "COPY requirements.txt /\nRUN pip install -r /requirements.txt\n"
COPY = "COPY . /home/site/wwwroot\n"
WITH_PACKAGES: Files = {"requirements.txt": "azure-functions\nazure-cosmos\n"}


@pytest.mark.parametrize(
    ("files", "code", "line"),
    [
        ({"Dockerfile": FROM + INSTALL + "COPY . /app\n"}, "AF711", 4),
        ({"Dockerfile": FROM + INSTALL + 'WORKDIR /app\nCOPY [".", "."]\n'}, "AF711", 5),
        (
            {"Dockerfile": FROM + INSTALL + "ENV A=1 \\\n  AzureWebJobsScriptRoot=/app\n" + COPY},
            "AF711",
            6,
        ),
        (
            {"Dockerfile": FROM.replace("\n", " AS base\n") + INSTALL + "FROM base\nCOPY . /app\n"},
            "AF711",
            5,
        ),
        ({"Dockerfile": "# syntax=1\n" + FROM + COPY, **WITH_PACKAGES}, "AF712", 2),
        ({"Dockerfile": FROM + INSTALL + COPY, ".python-version": "3.12.4\n"}, "AF425", 1),
        (
            {
                "Dockerfile": FROM + INSTALL + COPY,
                "pyproject.toml": '[project]\nrequires-python = ">=3.10,<3.13"\n',
            },
            "AF425",
            1,
        ),
    ],
)
def test_defects(files: Files, code: str, line: int, plant: Plant, judged: Judged) -> None:
    [found] = judged(plant(files), code[:4])
    assert (found.code, found.path, found.line) == (code, "Dockerfile", line)


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": FROM + INSTALL + COPY, **WITH_PACKAGES, ".python-version": "3.13\n"},
        {"Dockerfile": FROM + INSTALL + "WORKDIR /home/site/wwwroot\nCOPY . .\n"},
        {"Dockerfile": FROM + INSTALL + "ENV AzureWebJobsScriptRoot /app/\nCOPY . /app\n"},
        {"Dockerfile": FROM + INSTALL + "COPY . /app\nRUN mv /app/* /home/site/wwwroot\n"},
        {"Dockerfile": FROM + INSTALL + "COPY . $HOME/site/wwwroot\n"},
        {"Dockerfile": FROM + INSTALL + "COPY docs /docs\n"},
        {"Dockerfile": "FROM python:3.13\nCOPY . /app\n", **WITH_PACKAGES},
        {"Dockerfile": FROM + COPY},
        {
            "Dockerfile": f"FROM python AS build\n{INSTALL}\n{FROM}COPY --from=build /x /home/site\n",
            **WITH_PACKAGES,
        },
        {"Dockerfile": FROM.replace("\n", " AS base\n") + INSTALL + "FROM base\n" + COPY},
        {
            "Dockerfile": FROM + INSTALL + COPY,
            "pyproject.toml": '[project]\nrequires-python = ">=3.13.1,<3.14"\n',
        },
        {
            "Dockerfile": FROM + INSTALL + COPY,
            "pyproject.toml": '[project]\nrequires-python = ">=3.10,<=3.13"\n',
        },
    ],
)
def test_near_misses(files: Files, plant: Plant, judged: Judged) -> None:
    app = plant(files)
    assert judged(app, "AF71") + judged(app, "AF425") == []
