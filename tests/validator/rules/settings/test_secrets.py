"""Keys, passwords and tokens in files that are committed."""

import random
import string

import pytest

from tests.support.emulators.servers import COSMOS_KEY
from tests.support.repositories import track
from tests.support.validator import HEALTHY, Files, Plant, find_problems

MADE = random.Random(1)


def key(length: int) -> str:
    """Return letters and digits at random."""
    return "".join(MADE.choices(string.ascii_letters + string.digits, k=length))


ACCOUNT = f"AccountName=a;AccountKey={key(86)}=="
BUS = f"Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=b;SharedAccessKey={key(43)}="
SQL = f"Server=a.database.windows.net;Database=b;User ID=c;Password={key(12)};"
POSTGRES = f"postgresql://a:{key(11)}1@b.postgres.database.azure.com:5432/c"
REDIS = f"rediss://:{key(42)}1=@a.redis.cache.windows.net:6380/0"
SIGNED = f"https://a.blob.core.windows.net/b?sv=2022-11-02&sig={key(43)}%3D"
CODE = f"https://a.azurewebsites.net/api/b?code={key(54)}=="
OPENAI = f"sk-proj-{key(48)}"
CLIENT = f"{key(3)}8Q~{key(34)}"
SHORT = f"AccountName=a;AccountKey={key(30)}1=="


@pytest.mark.parametrize(
    "secret",
    [ACCOUNT, BUS, SQL, POSTGRES, REDIS, SIGNED, CODE, SHORT, OPENAI, CLIENT, f"ghp_{key(36)}"],
)
def test_a_secret_in_a_source_file_is_found_and_not_shown(secret: str, plant: Plant) -> None:
    content = f'TEXT = "{secret}"\n{HEALTHY["blueprints/hello.py"]}'
    app = plant({"blueprints/hello.py": content.replace("\n        ", "\n")})
    [found] = find_problems(app, "AF3")
    assert (found.code, found.path, found.line) == ("AF305", "blueprints/hello.py", 1)
    assert secret[-20:] not in str(found)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("host.json", HEALTHY["host.json"].replace("{", f'{{\n"x": "{ACCOUNT}",', 1)),
        ("local.settings.example.json", f'{{"Values": {{\n"AzureWebJobsStorage": "{ACCOUNT}"}}}}'),
        ("deploy.sh", f"# Sets the connection.\nexport CONNECTION='{ACCOUNT}'\n"),
    ],
)
def test_a_secret_in_a_committed_file_is_found(path: str, text: str, plant: Plant) -> None:
    [found] = find_problems(plant({path: text}), "AF305")
    assert (found.path, found.line) == (path, 2)


def test_a_key_under_its_name_is_found(plant: Plant) -> None:
    hexadecimal = "".join(MADE.choices("0123456789abcdef", k=32))
    names = ("API_KEY", "CLIENT_SECRET", "TOKEN", "DIGEST")
    lines = (f'{name} = "{hexadecimal}"' for name in names)
    content = "\n".join(("import json", *lines, f'API_KEY = "{"0" * 32}"'))
    app = plant({"blueprints/hello.py": content})
    assert [one.line for one in find_problems(app, "AF305")] == [2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        f"AccountEndpoint=https://localhost:8081/;AccountKey={COSMOS_KEY};",
        "Endpoint=sb://localhost;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;",
        "AccountName=a;AccountKey=<your-account-key-0123456789-qwertyuiop>",
        "AccountName=a;AccountKey=YourStorageAccountKey0123456789",
        "Server=a.database.windows.net;Password={password};",
        "Server=a.database.windows.net;Password=xxxxxxxxxxxx;",
        "Server=a.database.windows.net;Password=<password>;",
        "Server=localhost,1433;User ID=sa;Password=Local_Only_1;",
        "https://a.blob.core.windows.net/b?sig=...",
        "postgresql://user:password1@a.postgres.database.azure.com/b",
        "postgresql://user:{password1}@a.postgres.database.azure.com/b",
        "postgresql://user:a1B2c3D4e5@localhost:5432/b",
        "postgresql://a.postgres.database.azure.com:5432/b?user=a1b2c3d4@c",
    ],
)
def test_keys_of_emulators_and_placeholders_are_not_secrets(text: str, plant: Plant) -> None:
    assert find_problems(plant({"blueprints/__init__.py": f'TEXT = "{text}"\n'}), "AF3") == []


def test_local_settings_and_files_that_git_ignores_may_contain_secrets(plant: Plant) -> None:
    settings = HEALTHY["local.settings.json"].replace("UseDevelopmentStorage=true", ACCOUNT)
    files = {
        "local.settings.json": settings,
        ".env": f"A={ACCOUNT}\n",
        ".gitignore": ".env\n",
        "tests/data.json": f'["{ACCOUNT}"]',
    }
    assert find_problems(plant(files), "AF3") == []


@pytest.mark.parametrize("path", ["send.py", "tools/send.py", "deploy.ps1", "notes.txt", "a.ipynb"])
def test_a_secret_in_a_file_that_the_app_does_not_import(path: str, plant: Plant) -> None:
    [found] = find_problems(plant({path: f'# Sends.\nA = "{BUS}"\n'}), "AF305")
    assert (found.path, found.line) == (path, 2)


def test_a_key_under_its_name_in_such_a_file(plant: Plant) -> None:
    app = plant({"send.py": f'API_KEY = "{"".join(MADE.choices("0123456789abcdef", k=32))}"\n'})
    assert [(f.path, f.line) for f in find_problems(app, "AF305")] == [("send.py", 1)]


@pytest.mark.parametrize(
    "path", ["tests/send.py", "test_send.py", "samples/send.py", ".venv/send.py", "docs/send.py"]
)
def test_files_that_are_not_of_the_app(path: str, plant: Plant) -> None:
    assert find_problems(plant({path: f'A = "{BUS}"\n'}), "AF305") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", "DATABASEPW=Xk29fLqm77tz"),
        (".env.production", "export DATABASE_PASSWORD='Xk29fLqm77tz'"),
        ("prod.env", "DB_PASS=Xk29-fLqm77tz"),
        ("settings.ini", "password = Xk29fLqm77tz"),
        ("infra/prod.tfvars", 'admin_password = "Xk29fLqm77tz!"'),
        ("infra/prod.bicepparam", "param adminPassword = 'Xk29fLqm77tz!'"),
        ("local.settings.example.json", '{"Values": {\n"DATABASEPW": "Xk29fLqm77tz"\n}}'),
        ("settings.py", 'DATABASEPW = "Xk29fLqm77tz"'),
        ("config.py", 'connect(password="Xk29fLqm77tz")'),
        (".env", "DB=shop.database.windows.net\nDATABASEPW=hunter2"),
        (".env", f"API_KEY={'9d0f4c92be6183a5' * 2}"),
    ],
)
def test_a_password_in_a_file_of_settings(path: str, text: str, plant: Plant) -> None:
    [found] = find_problems(plant({path: text + "\n"}), "AF305")
    assert found.path == path
    assert "Xk29" not in str(found)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", "DATABASEPW=<password>"),
        (".env", "DATABASEPW=${PASSWORD}"),
        ("infra/prod.bicepparam", "param adminPassword = Xk29fLqm77tz"),
        ("infra/prod.bicepparam", "param adminPassword = readEnvironmentVariable('ADMIN_PW2')"),
        (".env", "DATABASEPW="),
        (".env", "POSTGRES_PASSWORD=postgres"),
        (".env", "MSSQL_SA_PASSWORD=Local_Only_1"),
        (".env", "DB_PASSWORD=Change-Me-42"),
        (".env", "DB=shop.database.windows.net\nDATABASEPW=your-password"),
        (".env", "PASSWORD_POLICY=Xk29fLqm77tz"),
        ("settings.py", 'DATABASEPW = os.environ["DATABASEPW"]'),
        ("settings.py", 'PASSWORD = "password"'),
        ("blueprints/hello.py", 'PASSWORD = "Xk29fLqm77tz"'),
        ("compose.yml", "environment:\n  POSTGRES_PASSWORD: Xk29fLqm77tz"),
    ],
)
def test_what_is_not_a_password_of_a_service(path: str, text: str, plant: Plant) -> None:
    assert find_problems(plant({path: text + "\n"}), "AF305") == []


def test_a_committed_file_counts_although_gitignore_names_it(plant: Plant) -> None:
    settings = HEALTHY["local.settings.json"].replace("UseDevelopmentStorage=true", ACCOUNT, 1)
    files: Files = {
        "local.settings.json": settings,
        ".env": f"A={ACCOUNT}\n",
        ".gitignore": ".env\nlocal.settings.json\n",
    }
    app = plant(files)
    assert find_problems(app, "AF") == []
    track(app, ".env")
    assert [f.path for f in find_problems(app, "AF305")] == [".env"]
    track(app, ".env", "local.settings.json")
    found = find_problems(app, "AF")
    assert [(f.code, f.path) for f in found] == [
        ("AF305", ".env"),
        ("AF305", "local.settings.json"),
    ]
    app = plant({**files, ".env": None, ".gitignore": ""})
    track(app, "local.settings.json")
    assert [f.code for f in find_problems(app, "AF")] == ["AF704"]


def test_a_folder_above_can_name_the_file_that_git_ignores(plant: Plant) -> None:
    app = plant({".env": f"A={ACCOUNT}\n", "../.gitignore": "app/.env\n"})
    assert find_problems(app, "AF305") == []


BEGIN = "-----BEGIN PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("certs/client.pem", f"Bag Attributes\n{BEGIN}\n{key(64)}\n{key(64)}\n", 2),
        ("client.key", f"-----BEGIN RSA PRIVATE KEY-----\r\n{key(64)}\r\n", 1),
        ("account.json", f'{{\n  "private_key": "{BEGIN}\\n{key(64)}\\n"\n}}', 2),
        ("blueprints/hello.py", f'KEY = """{BEGIN}\n{key(64)}\n"""\n', 1),
    ],
)
def test_a_private_key_is_found(path: str, text: str, line: int, plant: Plant) -> None:
    found = find_problems(plant({path: text}), "AF305")
    assert [(one.path, one.line) for one in found] == [(path, line)]
    assert found[0].message == "The file contains a private key."


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("certs/localhost.key", f"{BEGIN}\n{key(64)}\n"),
        ("tests/client.pem", f"{BEGIN}\n{key(64)}\n"),
        ("client.pem", f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{key(64)}\n"),
        ("client.pem", f"-----BEGIN CERTIFICATE-----\n{key(64)}\n"),
        ("README.md", f"{BEGIN}\n...\n-----END PRIVATE KEY-----\n"),
        ("check.py", f'if "{BEGIN}" in text:\n    pass\n'),
    ],
)
def test_what_is_not_a_private_key_of_the_app(path: str, text: str, plant: Plant) -> None:
    assert find_problems(plant({path: text}), "AF305") == []
