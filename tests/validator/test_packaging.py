"""AF401 to AF702: what is installed and published."""

import pytest

from tests.support.validator import HEALTHY, Files, Plant, judge

LOCAL_PATHS = "azure-functions\nnumpy @ file:///home/me/numpy\npandas @ file:///home/me/pandas\n"
CONNECTED = (
    '{"Values": {"FUNCTIONS_WORKER_RUNTIME": "python", "S": "AccountName=shop;AccountKey=x"}}'
)
EMULATED = '{"Values": {"FUNCTIONS_WORKER_RUNTIME": "python", "S": "UseDevelopmentStorage=true"}}'


@pytest.mark.parametrize(
    ("files", "code", "place"),
    [
        ({"requirements.txt": "requests\n"}, "AF401", "requirements.txt:1"),
        ({"requirements.txt": "# to come\n"}, "AF401", "requirements.txt:1"),
        (
            {"requirements.txt": "azure-functions\nazure-functions-worker==1.1.9\n"},
            "AF402",
            "requirements.txt:2",
        ),
        ({"requirements.txt": "azure-functions\n-r more.txt\n"}, "AF403", "requirements.txt:2"),
        ({"requirements.txt": "azure-functions\nno requirement\n"}, "AF404", "requirements.txt:2"),
        ({"requirements.txt": LOCAL_PATHS}, "AF405", "requirements.txt:2"),
        ({"requirements.txt": b"azure-functions\n\xff\xff"}, "AF705", "requirements.txt:1"),
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
        (
            {"Dockerfile": "FROM python\nCOPY . /app\n", "local.settings.json": CONNECTED},
            "AF702",
            "Dockerfile:1",
        ),
    ],
)
def test_defects(files: Files, code: str, place: str, plant: Plant) -> None:
    [found] = judge(plant(files), code[:4])
    assert (found.code, f"{found.path}:{found.line}") == (code, place)


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": None, "Pipfile": ""},
        {"requirements.txt": "azure-functions[extra] >=1.25 ; python_version < '4' # why\n"},
        {"requirements.txt": "-r base.txt\n", "base.txt": "azure_functions==1.25 \\\n --hash=x\n"},
        {"requirements.txt": "azure-functions-durable<2\n"},
        {"requirements.txt": "some-framework\n"},
        {"requirements.txt": "-e .\n--index-url https://example.com/simple\n./wheels/a-1.whl\n"},
        {"requirements.txt": "azure-functions\nours @ git+https://example.com/ours.git\n"},
        {"requirements.txt": "azure-functions\n".encode("utf-16")},
        {".funcignore": "blueprints\n!blueprints\nlocal.settings.json\n"},
        {".funcignore": "*.md\nhost.json.bak\n/hello.py\nlocal.settings.json\n"},
        {".funcignore": ".venv\n"},
        {".funcignore": None},
        {".funcignore": "local.settings.json\n", "tests/test_a.py": ""},
        {"Dockerfile": "FROM python\nCOPY . /app\n", "local.settings.json": EMULATED},
        {"Dockerfile": "FROM python\nCOPY app /app\n", "local.settings.json": CONNECTED},
        {
            "Dockerfile": "FROM python\nCOPY . /app\n",
            "local.settings.json": CONNECTED,
            ".dockerignore": "local.settings*.json\n",
        },
    ],
)
def test_near_misses(files: Files, plant: Plant) -> None:
    app = plant(files)
    assert judge(app, "AF40") + judge(app, "AF70") == []
