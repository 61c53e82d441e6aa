"""The Functions host in an image."""

import pytest

from tests.support.samples import FROM
from tests.support.validator import Find, Plant

COPY = "COPY . /home/site/wwwroot\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"FROM python:3.13-slim\n{COPY}", 1, "The image python:3.13-slim has no Functions host"),
        (f"FROM gcr.io/distroless/python3-debian12\n{COPY}", 1, "python3-debian12 has no"),
        (f"FROM ghcr.io/astral-sh/uv:python3.13-alpine\n{COPY}", 1, "uv:python3.13-alpine has"),
        (f"FROM mcr.microsoft.com/playwright/python:v1.50.0\n{COPY}", 1, "python:v1.50.0 has"),
        (f"FROM public.ecr.aws/docker/library/python:3.13\n{COPY}", 1, "library/python:3.13 has"),
        (f"FROM --platform=linux/amd64 docker.io/python AS a\n{COPY}", 1, "docker.io/python has"),
        (f"FROM python:3.13 AS app\nRUN true\nFROM app\n{COPY}", 1, "python:3.13 has"),
        ("FROM debian\nENV AzureWebJobsScriptRoot=/app\nCOPY . /app\n", 1, "debian has"),
        (f"{FROM.replace('/python:4', '/node:4')}{COPY}", 1, "no Functions host for Python"),
        (f"{FROM.replace('4-python3.13', '3.0-python3.9')}{COPY}", 1, "Version 3 of the"),
        (f'{FROM}{COPY}CMD ["func", "start"]\n', 3, "instead of the Functions host"),
        (f"{FROM}{COPY}ENTRYPOINT python function_app.py\n", 3, "instead of the Functions host"),
        (f"{FROM.strip()} AS a\nCMD func start\nFROM a\n{COPY}", 2, "instead of the Functions"),
        (f"{FROM}{COPY}RUN <<A\ntrue\nA\nCMD python app.py\n", 6, "instead of the Functions host"),
    ],
)
def test_an_image_that_does_not_run_the_host(
    text: str, line: int, words: str, plant: Plant, find: Find
) -> None:
    found = find(plant({"Dockerfile": text}))
    assert [(one.code, one.path, one.line) for one in found] == [("AF716", "Dockerfile", line)]
    assert words in found[0].message


@pytest.mark.parametrize(
    "text",
    [
        FROM + COPY,
        "FROM python:3.13\nCOPY . /app\n",
        f"FROM example.com/python:4\n{COPY}",
        f"FROM python-with-functions\n{COPY}",
        f"FROM python:3.13\nRUN npm i -g azure-functions-core-tools@4\n{COPY}",
        f"{FROM.strip()} AS host\nFROM python:3.13\nCOPY --from=host / /\n{COPY}",
        f'{FROM}{COPY}CMD ["/start.sh"]\n',
        f'{FROM.strip()} AS a\nCMD func start\nFROM a\n{COPY}CMD ["/start.sh"]\n',
        f"{FROM}RUN apt install azure-functions-core-tools-4\n{COPY}CMD func start\n",
        f'FROM python:3.13\n{COPY}CMD ["pytest"]\n',
        f'{FROM.strip()} AS app\n{COPY}FROM app AS test\nCMD ["python", "-m", "pytest"]\n',
        f"{FROM}{COPY}RUN <<'END'\nCMD python function_app.py\nEND\n",
        f"{FROM}{COPY}COPY <<END /notes.txt\nENTRYPOINT python function_app.py\nEND\n",
    ],
)
def test_images_that_may_run_it(text: str, plant: Plant, find: Find) -> None:
    assert find(plant({"Dockerfile": text}), "AF716") == []


def test_a_script_of_the_app_may_start_the_host(plant: Plant, find: Find) -> None:
    dockerfile = f'{FROM}{COPY}CMD ["python", "/home/site/wwwroot/tools/start.py"]\n'
    script = 'import os\n\nos.execv("/opt/startup/start_nonappservice.sh", ["start"])\n'
    assert find(plant({"Dockerfile": dockerfile, "tools/start.py": script}), "AF716") == []
    [found] = find(plant({"Dockerfile": dockerfile, "tools/start.py": "print(1)\n"}), "AF716")
    assert found.line == 3
