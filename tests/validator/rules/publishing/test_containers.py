"""The app and its packages in an image."""

import pytest

from tests.support.validator import Files, Find, Plant

FROM = "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\n"
COPY_LIST = "COPY requirements.txt /\n"
INSTALL = f"{COPY_LIST}RUN pip install -r /requirements.txt\n"
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
        ({"Dockerfile": FROM + COPY_LIST + COPY, **WITH_PACKAGES}, "AF712", 1),
    ],
)
def test_defects(files: Files, code: str, line: int, plant: Plant, find: Find) -> None:
    [found] = find(plant(files), "AF71")
    assert (found.code, found.path, found.line) == (code, "Dockerfile", line)


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": FROM + INSTALL + COPY, **WITH_PACKAGES},
        {"Dockerfile": FROM + INSTALL + "WORKDIR /home/site/wwwroot\nCOPY . .\n"},
        {"Dockerfile": FROM + INSTALL + "ENV AzureWebJobsScriptRoot /app/\nCOPY . /app\n"},
        {"Dockerfile": FROM + INSTALL + "COPY . /app\nRUN mv /app/* /home/site/wwwroot\n"},
        {"Dockerfile": FROM + INSTALL + "COPY . $HOME/site/wwwroot\n"},
        {"Dockerfile": FROM + INSTALL + "COPY docs /docs\n"},
        {"Dockerfile": "FROM python:3.13\nCOPY . /app\n", **WITH_PACKAGES},
        {"Dockerfile": FROM + COPY},
        {
            "Dockerfile": f"FROM python AS build\n{INSTALL}\n{FROM}"
            "COPY --from=build /x /home/site\n",
            **WITH_PACKAGES,
        },
        {"Dockerfile": FROM.replace("\n", " AS base\n") + INSTALL + "FROM base\n" + COPY},
        {"Dockerfile": FROM + COPY_LIST + "RUN ./get requirements.txt\n" + COPY, **WITH_PACKAGES},
    ],
)
def test_near_misses(files: Files, plant: Plant, find: Find) -> None:
    assert find(plant(files), "AF71") == []
