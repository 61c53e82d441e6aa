"""What tools publish or commit."""

import base64
import hashlib
import json
import os

import pytest

from tests.support.emulators.servers import STORAGE_KEY
from tests.support.samples import FROM
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

INSTALL = "COPY requirements.txt /\nRUN pip install -r /requirements.txt 'azure-functions>=1.25'\n"
IMAGE = f"{FROM}{INSTALL}COPY . /home/site/wwwroot\n"
COPIES = f"{FROM}{INSTALL}WORKDIR /home/site/wwwroot\nCOPY host.json ./function_app.py ./\nCOPY blueprints blueprints\n"
NO_JSON = {".dockerignore": "*.json\n"}
KEY = base64.b64encode(hashlib.sha512(b"a key for tests").digest()).decode()

IMPORTING: Files = {"blueprints/hello.py": "import hello\n"}
CONNECTED = (
    '{"Values": {"FUNCTIONS_WORKER_RUNTIME": "python", "S": "AccountName=shop;AccountKey=x"}}'
)
EMULATED = '{"Values": {"FUNCTIONS_WORKER_RUNTIME": "python", "S": "UseDevelopmentStorage=true"}}'


def settings(**values: str) -> str:
    """Return the text of a local.settings.json."""
    return json.dumps({"IsEncrypted": False, "Values": values})


@pytest.mark.parametrize(
    ("files", "code", "place"),
    [
        ({"requirements.txt": b"azure-functions\n\xff\xff"}, "AF705", "requirements.txt:2"),
        ({".funcignore": b"\xff\xff"}, "AF705", ".funcignore:1"),
        ({".funcignore": HEALTHY[".funcignore"] + "blueprints\n"}, "AF701", ".funcignore:7"),
        ({".funcignore": HEALTHY[".funcignore"] + "*.py\n"}, "AF701", ".funcignore:7"),
        ({".funcignore": HEALTHY[".funcignore"] + "/host.json\n"}, "AF701", ".funcignore:7"),
        ({".funcignore": ".git*\n.vscode\n.venv\n"}, "AF702", ".funcignore:1"),
        (
            {".funcignore": "local.settings.json\n", ".venv/pyvenv.cfg": "home = /usr\n"},
            "AF702",
            ".funcignore:1",
        ),
        (
            {
                ".funcignore": "local.settings.json\nrequirements-dev.txt\n",
                "tests/test_a.py": "",
            },
            "AF702",
            ".funcignore:1",
        ),
        ({"Dockerfile": IMAGE, ".dockerignore": "tests\n*.json\n"}, "AF701", ".dockerignore:2"),
        ({"Dockerfile": IMAGE, ".dockerignore": "blueprints\n"}, "AF701", ".dockerignore:1"),
        ({"Dockerfile": IMAGE, ".dockerignore": "*.txt\n"}, "AF701", ".dockerignore:1"),
        ({"Dockerfile": IMAGE, ".dockerignore": "**\n!*.json\n"}, "AF701", ".dockerignore:1"),
        ({"Dockerfile": COPIES, ".dockerignore": "*\n!blueprints"}, "AF701", ".dockerignore:1"),
        (
            {
                "Dockerfile": IMAGE,
                ".dockerignore": "",
                "Dockerfile.dockerignore": "*.json\n",
            },
            "AF701",
            "Dockerfile.dockerignore:1",
        ),
        (
            {"Dockerfile": "FROM python\nCOPY . /app\n", "local.settings.json": CONNECTED},
            "AF702",
            "Dockerfile:1",
        ),
    ],
)
def test_files_that_are_published_or_left_out_by_mistake(
    files: Files, code: str, place: str, plant: Plant
) -> None:
    [found] = find_problems(plant(files), "AF70")
    assert (found.code, f"{found.path}:{found.line}") == (code, place)


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "azure-functions\n".encode("utf-16")},
        {".funcignore": "blueprints\n!blueprints\nlocal.settings.json\n"},
        {".funcignore": "*.md\nhost.json.bak\n/hello.py\nlocal.settings.json\n"},
        {".funcignore": ".venv\n"},
        {".funcignore": None},
        {".funcignore": "local.settings.json\n", "tests/test_a.py": ""},
        {"Dockerfile": "FROM python\nCOPY . /app\n", "local.settings.json": EMULATED},
        {"Dockerfile": "FROM python\nCOPY app /app\n", "local.settings.json": CONNECTED},
        {"Dockerfile": IMAGE},
        {"Dockerfile": IMAGE, ".dockerignore": "*\n!host.json\n!**/*.py\n!*.txt\n"},
        {
            "Dockerfile": IMAGE.replace("COPY . ", "COPY api "),
            ".dockerignore": "requirements.txt\n",
        },
        {
            "Dockerfile": IMAGE.replace("COPY requirements.txt /\n", ""),
            ".dockerignore": "requirements.txt\n__init__.py\n",
        },
        {"Dockerfile": IMAGE, ".dockerignore": "*.json\n", "Dockerfile.dockerignore": "tests\n"},
        {"Dockerfile": f"{IMAGE}RUN mv prod.json host.json\n", **NO_JSON},
        {"Dockerfile": f"{IMAGE}RUN echo '{{}}' > host.json\n", **NO_JSON},
        {"Dockerfile": f"{IMAGE}COPY --from=ours /app /home/site/wwwroot\n", **NO_JSON},
        {"Dockerfile": f"{FROM}COPY src /home/site/wwwroot\n", **NO_JSON},
        {"Dockerfile": f"{FROM}{INSTALL}COPY . /src\n", **NO_JSON},
        {"Dockerfile": f"{IMAGE}COPY config $HOME\n", **NO_JSON},
        {"Dockerfile": f"{IMAGE}VOLUME /home/site/wwwroot\n", **NO_JSON},
        {".funcignore": "requirements.txt\n", ".python_packages/lib/site-packages/a.py": ""},
        {"Dockerfile": f"{IMAGE}FROM python:3.13\nCOPY . /docs\n", **NO_JSON},
        {"Dockerfile": IMAGE, "compose.yml": "- .:/home/site/wwwroot\n", **NO_JSON},
        {
            "Dockerfile": "FROM python\nCOPY . /app\n",
            "local.settings.json": CONNECTED,
            ".dockerignore": "local.settings*.json\n",
        },
    ],
)
def test_files_that_may_be_published_or_left_out(files: Files, plant: Plant) -> None:
    assert find_problems(plant(files), "AF70") == []


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("-r lists/base.txt", "lists/base.txt"),
        ("-c lists/limits.txt", "lists/limits.txt"),
        ("./lists/shop-1.0-py3-none-any.whl", "lists/shop-1.0-py3-none-any.whl"),
    ],
)
def test_what_the_requirements_name_is_needed(line: str, path: str, plant: Plant) -> None:
    files = {"requirements.txt": f"azure-functions\n{line}\n", path: "requests\n"}
    [found] = find_problems(plant({**files, ".funcignore": "lists/\n"}), "AF701")
    assert path in found.message
    [found] = find_problems(plant({**files, ".funcignore": f"{path[:-4]}\n"}), "AF703")
    assert path in found.message
    install = "run: pip install --target .python_packages/lib/site-packages -r requirements.txt\n"
    built = {**files, ".funcignore": "lists/\n", ".github/workflows/deploy.yml": install}
    assert find_problems(plant(built), "AF70") == []


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("hello", "hello.py"),
        ("/hello", "hello.py"),
        ("h*o", "hello.py"),
        ("host", "host.json"),
        ("requirements", "requirements.txt"),
    ],
)
def test_core_tools_leaves_out_more(pattern: str, path: str, plant: Plant) -> None:
    app = plant({".funcignore": f"*.md\n{pattern}\n", "hello.py": "", **IMPORTING})
    [found] = find_problems(app, "AF703")
    assert (found.path, found.line) == (".funcignore", 2)
    assert path in found.message


@pytest.mark.parametrize(
    "files",
    [
        {".funcignore": "hello/\nhell\nhello_\n"},
        {".funcignore": "hello\n!hello.py\n"},
        {".funcignore": "other\n__pycache__\n.git*\n*.md\n"},
        {".funcignore": "hello.py\n"},  # Other tools leave it out too, which AF701 finds.
        {".funcignore": "hello\n", "azure.yaml": "name: x\n"},
        {".funcignore": None},
    ],
)
def test_core_tools_leaves_out_no_more(files: Files, plant: Plant) -> None:
    assert find_problems(plant({"hello.py": "", **IMPORTING, **files}), "AF703") == []


@pytest.mark.parametrize(
    "values",
    [
        {"Store": f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={KEY};X=1"},
        {"Bus": f"Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKey={KEY}"},
        {"API_KEY": "0123456789abcdef" * 2},
        {"DB_PASSWORD": "a-long-secret-password-of-somebody-1"},
        {"OPENAI_API_KEY": hashlib.md5(b"a key for tests", usedforsecurity=False).hexdigest()},
        {"OPENAI_API_KEY": hashlib.sha256(b"a key for tests").hexdigest()},
    ],
)
def test_secrets_that_git_would_commit(values: dict[str, str], plant: Plant) -> None:
    app = plant({"local.settings.json": settings(**values), ".gitignore": "*.pyc\n"})
    [found] = find_problems(app, "AF704")
    assert found.path == "local.settings.json"
    assert not any(value in found.message + found.fix for value in values.values())
    assert KEY not in found.message


@pytest.mark.parametrize(
    "files",
    [
        {".gitignore": "local.settings.json\n"},
        {".gitignore": "*.settings.json\n"},
        {".gitignore": b"\xff"},
        {".gitignore": None, "../.gitignore": "local.settings.json\n", "../.git/HEAD": ""},
        {".gitignore": None, "../.gitignore": "/app/local.*\n", "../.git/HEAD": ""},
        {"local.settings.json": settings(Store=f"AccountName=x;AccountKey={STORAGE_KEY}")},
        {"local.settings.json": settings(Store="AccountName=x;AccountKey=your-account-key")},
        {"local.settings.json": settings(Store="AccountName=x;AccountKey=" + "1234567890" * 6)},
        {"local.settings.json": settings(API_KEY="your-key-from-the-portal-goes-here-0123456789")},
        {"local.settings.json": settings(API_KEY=STORAGE_KEY)},
        {"local.settings.json": settings(KEY_VAULT_URL="https://shop.vault.azure.net/secrets/12")},
        {"local.settings.json": settings(Store="UseDevelopmentStorage=true")},
        {"local.settings.json": None},
    ],
)
def test_secrets_that_git_would_not_commit(files: Files, plant: Plant) -> None:
    secret = settings(Store=f"AccountName=shop;AccountKey={KEY}")
    app = plant({"local.settings.json": secret, ".gitignore": "*.pyc\n", **files})
    assert find_problems(app, "AF704") == []


V1 = '{"scriptFile": "__init__.py", "bindings": [{"name": "req", "type": "httpTrigger"}]}'


def test_functions_of_the_v1_model_never_run(plant: Plant) -> None:
    app = plant({"Old/function.json": V1, "Old/__init__.py": "", "Older/function.json": V1})
    found = find_problems(app, "AF7")
    assert [(f.code, f.path) for f in found] == [
        ("AF706", "Old/function.json"),
        ("AF706", "Older/function.json"),
    ]
    assert "function Old never runs" in found[0].message


@pytest.mark.parametrize(
    "files",
    [
        {"function.json": V1},
        {"tests/data/function.json": V1},
        {"Old/function.json": "{}"},
        {"Old/function.json": "["},
        {"Old/function.json": '{"bindings": []}'},
        {"Old/function.json": V1, "function_app.py": None},
    ],
)
def test_other_files_are_not_functions(files: Files, plant: Plant) -> None:
    assert find_problems(plant(files), "AF706") == []


READING = """
import json
from pathlib import Path

import azure.functions as func

bp = func.Blueprint()
{top}


@bp.route(route="hello")
def hello(req: func.HttpRequest) -> func.HttpResponse:
{body}
    return func.HttpResponse("x")
"""


def reading(top: str, body: str = "    pass") -> Files:
    """Return an app that reads data, which .funcignore leaves out on line 7."""
    return {
        "blueprints/hello.py": READING.format(top=top, body=body),
        "data/items.json": "{}",
        "blueprints/data/texts.txt": "",
        ".funcignore": HEALTHY[".funcignore"] + "data/\n",
    }


@pytest.mark.parametrize(
    ("top", "body", "path"),
    [
        (
            "FILE = Path(__file__).parents[1] / 'data' / 'items.json'\nITEMS = FILE.read_text()",
            "",
            "data/items.json",
        ),
        ("", "    json.load(open('data/items.json'))", "data/items.json"),
        (
            "FILE = Path(__file__).with_name('data') / 'texts.txt'",
            "    with open(FILE, 'rb') as file:\n        file.read()",
            "blueprints/data/texts.txt",
        ),
        (
            "",
            "    open(mode='r', file='x') if 0 else Path('data/items.json').read_bytes()",
            "data/items.json",
        ),
    ],
)
def test_data_that_is_not_published(top: str, body: str, path: str, plant: Plant) -> None:
    [found] = find_problems(plant(reading(top, body or "    pass")), "AF7")
    assert (found.code, found.path, found.line) == ("AF701", ".funcignore", 7)
    assert f"leaves out {path}, which the app needs" in found.message


@pytest.mark.parametrize(
    ("top", "body"),
    [
        ("", "    open('data/items.json', 'w')"),
        ("", "    open('data/items.json', mode=req.method)"),
        ("", "    open('data/others.json')"),
        ("", "    try:\n        open('data/items.json')\n    except OSError:\n        pass"),
        ("if __name__ == '__main__':\n    print(open('data/items.json').read())", "    pass"),
        ("FILE = Path('data/items.json')", "    FILE.exists() and FILE.read_text()"),
        ("", "    open('local.settings.json')"),
        ("", "    open('/etc/hostname')"),
    ],
)
def test_data_that_need_not_be_published(top: str, body: str, plant: Plant) -> None:
    assert find_problems(plant(reading(top, body)), "AF701") == []


NAMES = ("function_app.py", "requirements.txt", "host.json", "local.settings.json", ".funcignore")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_with_the_name_of_a_file_is_found(name: str, plant: Plant, find: Find) -> None:
    app = plant({name: None, f"{name}/kept": ""})
    [found] = find(app)
    assert (found.code, found.path) == ("AF705", name)
    assert found.message == f"{name} cannot be read: it is a folder."


@pytest.mark.parametrize("name", NAMES)
def test_a_link_to_nothing_is_found(name: str, plant: Plant, find: Find) -> None:
    app = plant({name: None})
    (app / name).symlink_to("shared")
    [found] = find(app)
    assert (found.code, found.path) == ("AF705", name)
    assert found.message == f"{name} cannot be read: it is a link to a file that is not there."


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_is_not_read(name: str, plant: Plant, find: Find) -> None:
    app = plant({name: None})
    os.mkfifo(app / name)
    [found] = find(app)
    assert (found.code, found.path) == ("AF705", name)
    assert found.message == f"{name} cannot be read: it is not a file."


@pytest.mark.parametrize("name", NAMES)
def test_a_link_to_a_file_is_read(name: str, plant: Plant, find: Find) -> None:
    app = plant()
    (app / name).rename(app.parent / "shared")
    (app / name).symlink_to("../shared")
    assert not find(app)


def test_a_folder_that_nothing_reads_is_not_reported(plant: Plant, find: Find) -> None:
    assert not find(plant({"pyproject.toml.d/kept": "", "Dockerfile.d/kept": ""}))


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        ({".funcignore": "*.json\n"}, "!host.json"),
        ({".funcignore": "blueprints\n"}, "!blueprints/"),
        ({".funcignore": "*\n!*.json\n!*.txt\n!*.py\n"}, "!blueprints/"),
        ({".funcignore": "*\n!*.json\n!*.txt\n!/*.py\n"}, "!blueprints/ and !blueprints/**"),
        ({"Dockerfile": IMAGE, ".dockerignore": "*.json\n"}, "!host.json"),
        ({"Dockerfile": IMAGE, ".dockerignore": "*.py\n!b*/*.py\n"}, "!function_app.py"),
        ({"Dockerfile": IMAGE, ".dockerignore": "**/*.py\n"}, "a line with ! for each of them"),
    ],
)
def test_how_to_take_a_file_back(files: dict[str, str], lines: str, plant: Plant) -> None:
    [found] = find_problems(plant({**files}), "AF701")
    assert found.fix == f"Change it, or write {lines} below it."
    if not lines.startswith("a "):
        changed = files[found.path] + "\n".join(lines.split(" and "))
        assert find_problems(plant({**files, found.path: changed}), "AF701") == []
