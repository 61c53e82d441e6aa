"""The app and its packages in an image."""

import pytest

from tests.support.samples import FROM
from tests.support.validator import Files, Find, Plant

COPY_LIST = "COPY requirements.txt /\n"
ROOT = "/home/site/wwwroot"
INSTALL = f"{COPY_LIST}RUN pip install -r /requirements.txt\n"
COPY = "COPY . /home/site/wwwroot\n"
BUILD = f"FROM python:3.13 AS build\n{INSTALL}"
SYNC = "COPY --from=ghcr.io/astral-sh/uv /uv /bin/\nWORKDIR /home/site/wwwroot\nCOPY . .\nRUN uv sync --frozen\n"
POETRY = f"RUN pip install poetry==2.1\nRUN poetry install --only main\n{COPY}"
WITH_PACKAGES: Files = {"requirements.txt": "azure-functions\nazure-cosmos\n"}


@pytest.mark.parametrize(
    ("files", "code", "line"),
    [
        ({"Dockerfile": FROM + INSTALL + "COPY . /app\n"}, "AF711", 4),
        ({"Dockerfile": FROM + INSTALL + "COPY . /home/site/wwwroot/shop\n"}, "AF711", 4),
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
        ({"Dockerfile": f"ARG FROM=x\n{BUILD}{FROM}{COPY}", **WITH_PACKAGES}, "AF712", 5),
        ({"Dockerfile": f"{FROM}RUN pip install -U pip\n{COPY}", **WITH_PACKAGES}, "AF712", 1),
        (
            {
                "Dockerfile": f"{FROM}RUN apt-get update && apt-get install -y gcc\n{COPY}",
                **WITH_PACKAGES,
            },
            "AF712",
            1,
        ),
        ({"Dockerfile": FROM + SYNC, **WITH_PACKAGES}, "AF712", 5),
        ({"Dockerfile": FROM + POETRY, **WITH_PACKAGES}, "AF712", 3),
        (
            {
                "Dockerfile": f"{FROM}{COPY}RUN python -m venv .venv && .venv/bin/pip install .\n",
                **WITH_PACKAGES,
            },
            "AF712",
            3,
        ),
        (
            {
                "Dockerfile": "ARG VERSION=3.13\nARG IMAGE='mcr.microsoft.com/azure-functions/python'\n"
                "FROM ${IMAGE}:4-python$VERSION\nCOPY . /app\n"
            },
            "AF711",
            4,
        ),
    ],
)
def test_images_that_lack_the_app_or_its_packages(
    files: Files, code: str, line: int, plant: Plant, find: Find
) -> None:
    [found] = find(plant(files), "AF71")
    assert (found.code, found.path, found.line) == (code, "Dockerfile", line)


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": FROM + INSTALL + COPY, **WITH_PACKAGES},
        {"Dockerfile": FROM + INSTALL + "WORKDIR /home/site/wwwroot\nCOPY . .\n"},
        {"Dockerfile": f"{FROM}{INSTALL}COPY . {ROOT}/shop\nCOPY host.json {ROOT}/host.json\n"},
        {"Dockerfile": f"{FROM}{INSTALL}WORKDIR {ROOT}\nCOPY . shop\nRUN mv shop/* .\n"},
        {"Dockerfile": f'{FROM}{INSTALL}COPY . {ROOT}/shop\nCMD ["/start.sh"]\n'},
        {"Dockerfile": f"{FROM}{INSTALL}COPY docs {ROOT}/docs\nCOPY . /home\n"},
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
        {"Dockerfile": f"{BUILD}{FROM}COPY --from=build /x /x\n{COPY}", **WITH_PACKAGES},
        {"Dockerfile": f"{BUILD}{FROM}COPY --from=0 /x /x\n{COPY}", **WITH_PACKAGES},
        {
            "Dockerfile": f"{FROM}RUN apt-get install -y gcc && pip install -U pip -r x.txt\n{COPY}",
            **WITH_PACKAGES,
        },
        {"Dockerfile": f"{FROM}ENV UV_PROJECT_ENVIRONMENT=/usr/local\n{SYNC}", **WITH_PACKAGES},
        {
            "Dockerfile": f"{FROM}{SYNC}ENV PATH=/home/site/wwwroot/.venv/bin:$PATH\n",
            **WITH_PACKAGES,
        },
        {"Dockerfile": f'{FROM}{SYNC}CMD ["/start.sh"]\n', **WITH_PACKAGES},
        {
            "Dockerfile": f"{FROM}RUN poetry config virtualenvs.create false\n{POETRY}",
            **WITH_PACKAGES,
        },
        {"Dockerfile": f"{FROM}{POETRY}RUN pip install -r r.txt\n", **WITH_PACKAGES},
        {
            "Dockerfile": f"{FROM.strip()} AS base\nENV AzureWebJobsScriptRoot=/app\n{INSTALL}"
            "FROM base\nCOPY . /app\n"
        },
        {"Dockerfile": "ARG IMAGE\nFROM $IMAGE\nCOPY . /app\n"},
    ],
)
def test_images_that_may_have_both(files: Files, plant: Plant, find: Find) -> None:
    assert find(plant(files), "AF71") == []


FLAT = "COPY function_app.py host.json blueprints /home/site/wwwroot/\n"
PACKAGE = "COPY blueprints /home/site/wwwroot/blueprints\n"


@pytest.mark.parametrize(
    ("copies", "line", "words"),
    [
        ("COPY function_app.py host.json /home/site/wwwroot/\n", 4, "blueprints/__init__.py and 2"),
        (f"COPY *.py /home/site/wwwroot/\n{PACKAGE}", 5, "host.json, which"),
        (FLAT, 4, "blueprints/__init__.py as __init__.py"),
        ("COPY * /home/site/wwwroot/\n", 4, "blueprints/__init__.py as __init__.py"),
        (
            f"WORKDIR /home/site/wwwroot\n{FLAT}COPY blueprints/hello.py blueprints/__init__.py blueprints/\n",
            6,
            "blueprints/orders.py as orders.py",
        ),
    ],
)
def test_files_that_are_not_copied(
    copies: str, line: int, words: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant({"Dockerfile": FROM + INSTALL + copies}), "AF7")
    assert (found.code, found.path, found.line) == ("AF701", "Dockerfile", line)
    assert words in found.message


@pytest.mark.parametrize(
    "copies",
    [
        f"COPY function_app.py host.json /home/site/wwwroot/\n{PACKAGE}",
        f"COPY function_app.py /home/site/wwwroot/\nCOPY prod.json /home/site/wwwroot/host.json\n{PACKAGE}",
        "COPY *.py host*.json /home/site/wwwroot/\nCOPY blueprints/*.py /home/site/wwwroot/blueprints/\n",
        'WORKDIR /home/site/wwwroot\nCOPY ["function_app.py", "host.json", "./"]\nCOPY blueprints/ blueprints/\n',
        f"COPY function_app.py /home/site/wwwroot\nCOPY host.json /home/site/wwwroot\n{PACKAGE}",
        "COPY function_app.py host.json /home/site/wwwroot/\nCOPY other /home/site/wwwroot/blueprints\n",
        "COPY app/function_app.py app/host.json /home/site/wwwroot/\n",
        "COPY function_app.py $FILES /home/site/wwwroot/\n",
        "COPY . /home/site/\nCOPY function_app.py /home/site/wwwroot/\n",
        "COPY function_app.py /home/site/wwwroot/\nCOPY --from=x /app /home/site/wwwroot\n",
        "COPY function_app.py /home/site/wwwroot/\nRUN git clone x /home/site/wwwroot\n",
        "COPY function_app.py /home/site/wwwroot/\nVOLUME /home/site/wwwroot\n",
    ],
)
def test_files_that_may_be_in_the_image(copies: str, plant: Plant, find: Find) -> None:
    files: Files = {"prod.json": "{}", "other/a.py": "", "Dockerfile": FROM + INSTALL + copies}
    assert find(plant(files), "AF7") == []


def test_a_developers_container_gets_files_from_the_machine(plant: Plant, find: Find) -> None:
    compose = "services: {app: {volumes: ['.:/home/site/wwwroot']}}\n"
    files: Files = {"Dockerfile": FROM + INSTALL + FLAT, "compose.yml": compose}
    assert find(plant(files), "AF7") == []
