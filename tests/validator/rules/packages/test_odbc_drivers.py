"""The ODBC drivers for SQL Server that an app names."""

import pytest

from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems

OLD = "ODBC Driver 13 for SQL Server"
SOURCE = HEALTHY["blueprints/hello.py"].replace("import azure", "import os\n\nimport azure")


def connecting(body: str) -> Files:
    """Return an app with some lines in a function, the last of which is line 11 or below."""
    lines = f"    import pyodbc\n\n    {body}\n    return"
    return {
        "blueprints/hello.py": SOURCE.replace("    return", lines),
        "requirements.txt": "azure-functions\npyodbc\n",
    }


@pytest.mark.parametrize(
    ("line", "driver"),
    [
        ("pyodbc.connect('DRIVER={SQL Server};SERVER=db')", "SQL Server"),
        ("pyodbc.connect(f'Driver = {{SQL Server}};Server={req.url}')", "SQL Server"),
        ("pyodbc.connect('Driver=SQL Server Native Client 11.0;Server=db')", "SQL Server Native"),
        ("pyodbc.connect(driver='SQL Server', server='db')", "SQL Server"),
        ("pyodbc.connect(driver='{SQL Server}', server='db')", "SQL Server"),
        ("pyodbc.connect('DRIVER={%s};SERVER=db' % '" + OLD + "')", OLD),
        ("x = 'DRIVER={ODBC Driver 13.1 for SQL Server};SERVER=db'", "ODBC Driver 13.1 for"),
        ("driver = '{SQL Server}'", "SQL Server"),
        ("x = URL.create('mssql+pyodbc', query={'driver': 'SQL Server'})", "SQL Server"),
        ("x = 'mssql+pyodbc://db/shop?driver=SQL+Server'", "SQL Server"),
        ("x = 'mssql+pyodbc://db/shop?driver=ODBC+Driver+13+for+SQL+Server&Encrypt=yes'", OLD),
    ],
)
def test_a_driver_that_azure_does_not_have(
    line: str, driver: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(connecting(line)), "AF428")
    assert (found.path, found.line) == ("blueprints/hello.py", 12)
    assert found.message.startswith(f'Azure does not have the ODBC driver "{driver}')
    assert found.fix == 'Write "ODBC Driver 18 for SQL Server" instead.'


def test_python_310_has_an_older_driver(plant: Plant) -> None:
    files = connecting("pyodbc.connect('DRIVER={SQL Server};SERVER=db')")
    [found] = find_problems(plant({**files, ".python-version": "3.10\n"}), "AF428")
    assert found.fix == 'Write "ODBC Driver 17 for SQL Server" instead.'


@pytest.mark.parametrize(
    ("driver", "python", "instead"),
    [
        (17, "3.10", None),
        (18, "3.10", 17),
        (17, "3.11", 18),
        (18, "3.11", None),
        (17, "3.12", 18),
        (17, "3.13", None),
        (18, "3.13", None),
    ],
)
def test_a_driver_that_another_python_has(
    driver: int, python: str, instead: int | None, plant: Plant
) -> None:
    name = f"ODBC driver {driver} for SQL Server"
    files = connecting(f"pyodbc.connect('Driver={{{name}}};Server=db')")
    found = find_problems(plant({**files, ".python-version": f"{python}\n"}), "AF428")
    message = f'Azure does not have the ODBC driver "{name}" on Python {python}.'
    fix = f'Write "ODBC Driver {instead} for SQL Server" instead.'
    assert [(one.message, one.fix) for one in found] == [(message, fix)][: bool(instead)]


def test_pyproject_says_only_what_the_app_can_run_on(plant: Plant) -> None:
    files = connecting("pyodbc.connect('DRIVER={ODBC Driver 17 for SQL Server};SERVER=db')")
    bounds = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.10,<3.13"\n'
    assert find_problems(plant({**files, "pyproject.toml": bounds}), "AF428") == []


@pytest.mark.parametrize(
    "body",
    [
        "pyodbc.connect('DRIVER={ODBC Driver 18 for SQL Server};SERVER=db')",
        "pyodbc.connect('DRIVER={ODBC Driver 17 for SQL Server};SERVER=db')",
        "pyodbc.connect('DRIVER=FreeTDS;SERVER=db')",
        "pyodbc.connect('DSN=shop')",
        f"pyodbc.connect('DRIVER=' + os.getenv('DRIVER', '{OLD}'))",
        "pyodbc.connect('DRIVER=' + os.environ.get('DRIVER', '{SQL Server}'))",
        f"x = [one for one in pyodbc.drivers() if one == '{OLD}']",
        "x = ['{SQL Server}', '{ODBC Driver 18 for SQL Server}']",
        "x = 'DRIVER={SQL Server}' if os.name == 'nt' else ''",
        "if req.url:\n        pyodbc.connect('DRIVER={SQL Server};SERVER=db')",
        "try:\n        pyodbc.connect('DRIVER={SQL Server}')\n    except pyodbc.Error:\n        pass",
        "'Driver={SQL Server}'",
        "x = os.environ.get('DRIVER') or '{SQL Server}'",
        "os.environ.setdefault('DRIVER', '{SQL Server}')",
        "x = lambda driver='{SQL Server}': driver",
        "x = settings.text('driver', '{SQL Server}')",
        "class Settings:\n        driver: str = '{SQL Server}'",
        "class Settings:\n        database: str = Field('DRIVER={SQL Server};SERVER=db')",
        f"x = {{'linux': 'FreeTDS', 'windows': '{OLD}'}}",
        "x = 'driver={SQL Server}' in req.url",
        "x = req.url.replace('driver={SQL Server}', req.url)",
        "print('It needs driver={SQL Server}')",
        "os.environ['ODBCSYSINI'] = '/home'\n    x = 'DRIVER={SQL Server}'",
        "x = 'SQL Server'",
        "x = 'driver=SQL Server Management'",
        "x = 'It needs {SQL Server}.'",
    ],
)
def test_drivers_that_azure_may_have(body: str, plant: Plant) -> None:
    assert find_problems(plant(connecting(body)), "AF428") == []


BASE = "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\n"


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"Dockerfile": f"{BASE}RUN apt-get install msodbcsql17\n"}, 0),
        ({"Dockerfile": f"{BASE}RUN apt-get install git\n"}, 1),
        ({"Dockerfile": "FROM shop.azurecr.io/functions:1\n"}, 0),
        ({"../.git/HEAD": "", "../Dockerfile": f"{BASE}RUN apt-get install tdsodbc\n"}, 0),
        ({"Dockerfile": f"{BASE}RUN ./set-up.sh\n", "set-up.sh": "apt-get install tdsodbc\n"}, 0),
        ({"azure.yaml": "services:\n  api:\n    host: containerapp\n"}, 0),
        ({"README.md": "Install msodbcsql18.\n"}, 1),
        ({"odbcinst.ini": "[SQL Server]\nDriver=libtdsodbc.so\n"}, 0),
    ],
)
def test_what_may_have_other_drivers(files: Files, count: int, plant: Plant) -> None:
    app = connecting("pyodbc.connect('DRIVER={SQL Server};SERVER=db')")
    assert len(find_problems(plant({**app, **files}), "AF428")) == count


def test_text_of_an_app_without_odbc(plant: Plant) -> None:
    files = connecting("x = 'DRIVER={SQL Server};SERVER=db'")
    source = str(files["blueprints/hello.py"]).replace("import pyodbc", "import json")
    assert find_problems(plant({**files, "blueprints/hello.py": source}), "AF428") == []
