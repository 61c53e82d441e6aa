"""AF703 to AF407: what tools publish or commit, beyond what an ignore file seems to say."""

import base64
import hashlib
import json

import pytest

from tests.support.validator import Files, Plant, judge

KEY = base64.b64encode(hashlib.sha512(b"a key for tests").digest()).decode()
AZURITE = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

IMPORTING: Files = {"blueprints/hello.py": "import hello\n"}


def settings(**values: str) -> str:
    return json.dumps({"IsEncrypted": False, "Values": values})


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
def test_core_tools_match_more(pattern: str, path: str, plant: Plant) -> None:
    app = plant({".funcignore": f"*.md\n{pattern}\n", "hello.py": "", **IMPORTING})
    [found] = judge(app, "AF703")
    assert (found.path, found.line) == (".funcignore", 2)
    assert path in found.message


@pytest.mark.parametrize(
    "files",
    [
        {".funcignore": "hello/\nhell\nhello_\n"},
        {".funcignore": "hello\n!hello.py\n"},
        {".funcignore": "other\n__pycache__\n.git*\n*.md\n"},
        {".funcignore": "hello.py\n"},  # Other tools leave it out, too: another rule's.
        {".funcignore": "hello\n", "azure.yaml": "name: x\n"},
        {".funcignore": None},
    ],
)
def test_core_tools_match_no_more(files: Files, plant: Plant) -> None:
    assert judge(plant({"hello.py": "", **IMPORTING, **files}), "AF703") == []


@pytest.mark.parametrize(
    "values",
    [
        {"Store": f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={KEY};X=1"},
        {"Bus": f"Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKey={KEY}"},
        {"OPENAI_API_KEY": hashlib.sha256(b"a key for tests").hexdigest()},
    ],
)
def test_secrets_that_git_would_take(values: dict[str, str], plant: Plant) -> None:
    app = plant({"local.settings.json": settings(**values), ".gitignore": "*.pyc\n"})
    [found] = judge(app, "AF704")
    assert found.path == "local.settings.json"
    assert not any(value in found.message + found.fix for value in values.values())
    assert KEY not in found.message


@pytest.mark.parametrize(
    "files",
    [
        {".gitignore": "local.settings.json\n"},
        {".gitignore": "*.settings.json\n"},
        {".gitignore": None, "../.gitignore": "local.settings.json\n", "../.git/HEAD": ""},
        {".gitignore": None, "../.gitignore": "/app/local.*\n", "../.git/HEAD": ""},
        {"local.settings.json": settings(Store=f"AccountName=x;AccountKey={AZURITE}")},
        {"local.settings.json": settings(Store="AccountName=x;AccountKey=your-account-key")},
        {"local.settings.json": settings(API_KEY="your-key-from-the-portal-goes-here-0123456789")},
        {"local.settings.json": settings(KEY_VAULT_URL="https://shop.vault.azure.net/secrets/12")},
        {"local.settings.json": settings(Store="UseDevelopmentStorage=true")},
        {"local.settings.json": None},
    ],
)
def test_no_secrets_that_git_would_take(files: Files, plant: Plant) -> None:
    secret = settings(Store=f"AccountName=shop;AccountKey={KEY}")
    app = plant({"local.settings.json": secret, ".gitignore": "*.pyc\n", **files})
    assert judge(app, "AF704") == []


def test_a_pyproject_that_is_no_toml(plant: Plant) -> None:
    [found] = judge(plant({"pyproject.toml": '[project]\nname = "a"\nversion = 1.2.3\n'}), "AF407")
    assert (found.path, found.line) == ("pyproject.toml", 3)


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "a"\n',
        "",
        "a = 1\n<<<<<<< before\n",
        'name = "{{ cookiecutter.name }}"\nx = {{ y }}\n',
    ],
)
def test_a_pyproject_that_is_toml(text: str, plant: Plant) -> None:
    assert judge(plant({"pyproject.toml": text}), "AF407") == []
