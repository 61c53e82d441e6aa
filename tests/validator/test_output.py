"""What is printed: never a secret, only so much, in any encoding, and no traceback if nobody reads it."""

import errno
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.support.run import run
from tests.support.validator import FROM_SOURCES, HEALTHY, Plant, validate


def test_a_flood_of_output_is_not_passed_on(plant: Plant, worker_python: Path) -> None:
    source = "for _ in range(300_000):\n    print('x' * 100)\n" + HEALTHY["blueprints/hello.py"]
    done = validate(plant({"blueprints/hello.py": source}), "--python", worker_python)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) < 500


SECRET = "c2VjcmV0LXRoYXQtbXVzdC1ub3Qtc2hvdw=="


@pytest.mark.parametrize("name", ["OrdersStorage", "Pin"])
@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "junit"])
def test_secrets_are_not_printed(format: str, name: str, plant: Plant, worker_python: Path) -> None:
    account = f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={SECRET}"
    settings = {"FUNCTIONS_WORKER_RUNTIME": "python", "OrdersStorage": account, "Pin": SECRET}
    app = plant(
        {
            "local.settings.json": json.dumps({"Values": settings}),
            "blueprints/hello.py": f"import os\nraise ValueError(os.environ[{name!r}])\n",
        }
    )
    done = validate(app, "--python", worker_python, "--format", format)
    assert "ValueError" in done.stdout
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["ORDERS_API_KEY", "orders_password"])
def test_variables_with_a_telling_name_are_not_printed(
    name: str, plant: Plant, worker_python: Path
) -> None:
    source = f"import os\nvalue = os.environ[{name!r}]\nraise ValueError(value)\n"
    app = plant({"blueprints/hello.py": source})
    done = validate(app, "--python", worker_python, environment={name: SECRET})
    assert "ValueError" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_what_only_looks_like_a_secret_is_printed(plant: Plant) -> None:
    source = HEALTHY["blueprints/hello.py"].replace('"Hello"', "404")
    done = validate(plant({"blueprints/hello.py": source}), "--no-index")
    assert "Write it as text, or status_code= before it." in done.stdout


def test_warnings_of_python_about_patterns_are_not_printed(plant: Plant) -> None:
    patterns = "[[:digit:]]\n[a--z]\n"
    app = plant({".funcignore": patterns, ".gitignore": patterns, ".dockerignore": patterns})
    done = validate(app, "--no-index")
    assert (done.returncode, done.stderr) == (0, "")


def _to(output: IO[str], app: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **FROM_SOURCES, "PYTHONUNBUFFERED": ""}
    return subprocess.run(
        [sys.executable, "-m", "functions_validator", str(app), *arguments],
        stdout=output,
        stderr=subprocess.PIPE,
        env=environment,
        check=False,
    )


def test_a_reader_that_has_enough_sees_no_traceback(plant: Plant) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as closed:
        done = _to(closed, plant(), "--no-index")
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("format", "encoding", "printed"),
    [
        ("text", "ascii", rb"Gr\xf6\xdfe"),
        ("text", "cp1252", "Größe".encode("cp1252")),
        ("github", "ascii", "Größe".encode()),
        ("junit", "cp1252", "Größe".encode()),
    ],
)
def test_an_output_that_does_not_take_all_characters(
    format: str, encoding: str, printed: bytes, plant: Plant
) -> None:
    source = HEALTHY["blueprints/orders.py"].replace("OrdersStorage", "Größe")
    app = plant({"blueprints/orders.py": source})
    command = [sys.executable, "-m", "functions_validator", str(app), "--no-index"]
    environment = {**os.environ, **FROM_SOURCES, "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [*command, "--format", format], capture_output=True, env=environment, check=False
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert printed in done.stdout


def _run(code: str) -> subprocess.CompletedProcess[str]:
    """Run code that imports the package."""
    return run(sys.executable, "-c", code, environment=FROM_SOURCES, status=None)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("BrokenPipeError(errno.EPIPE, 'x')", 141),
        ("OSError(errno.EINVAL, 'x')", 141),
        ("OSError(errno.EINVAL, 'x', 'app.py')", 1),
        ("OSError(errno.ENOSPC, 'x', 'app.py')", 1),
        ("OSError(errno.ENOSPC, 'x')", 2),
        ("KeyboardInterrupt", 130),
    ],
)
def test_how_the_process_ends(error: str, status: int) -> None:
    code = (
        "import errno, functions_validator.__main__ as command\n"
        f"def main():\n    raise {error}\n"
        "command.main = main\ncommand.run()"
    )
    done = _run(code)
    said = {1: "Traceback", 2: "The report cannot be written: x.\n"}.get(status, "")
    assert (done.returncode, done.stderr[: len(said) or None]) == (status, said)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is full")
@pytest.mark.parametrize("arguments", [["--no-index"], ["--no-index", "--format=json"], ["--help"]])
def test_a_full_disk_is_said_in_a_sentence(arguments: list[str], plant: Plant) -> None:
    with open("/dev/full", "w") as full:
        done = _to(full, plant(), *arguments)
    sentence = f"The report cannot be written: {os.strerror(errno.ENOSPC)}.\n"
    assert (done.returncode, done.stderr) == (2, sentence.encode())


@pytest.mark.skipif(os.name == "nt", reason="a shell of Windows closes no output")
@pytest.mark.parametrize(("files", "status"), [({}, 0), ({"function_app.py": "app ="}, 1)])
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_outputs_that_are_closed(
    closed: str, files: dict[str, str], status: int, plant: Plant
) -> None:
    command = shlex.join([sys.executable, "-m", "functions_validator", str(plant(files))])
    command = f"{command} --no-index {closed}"
    done = run("sh", "-c", command, environment=FROM_SOURCES, status=status)
    assert done.stderr == ""


def test_a_refusal_without_a_standard_error_is_not_in_the_report(tmp_path: Path) -> None:
    code = (
        "import sys, functions_validator.__main__ as command\n"
        f"sys.stderr, sys.argv[1:] = None, [{str(tmp_path / 'none')!r}, '--format=json']\n"
        "command.run()"
    )
    done = _run(code)
    assert done.returncode == 2
    assert "is not a folder" in json.loads(done.stdout)["error"]
