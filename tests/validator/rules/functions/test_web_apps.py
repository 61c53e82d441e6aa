"""The web app that AsgiFunctionApp or WsgiFunctionApp gets."""

import pytest

from tests.support.validator import Files, Find, Plant, find_problems

HOST = '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}'
ENTRY = """
import azure.functions as func
{imported}

{made}
app = func.{app}
"""
FLASK = ("from flask import Flask", "web = Flask(__name__)")
FASTAPI = ("import fastapi", "web = fastapi.FastAPI()")

FACTORY = """
def create_app(name="web"):
    web = Flask(name)
    return {}
"""


def app_of(web: tuple[str, str], app: str) -> Files:
    """Return an app that gives all requests to a web app."""
    entry = ENTRY.format(imported=web[0], made=web[1], app=app)
    files: Files = {"function_app.py": entry, "host.json": HOST}
    return {**files, "requirements.txt": "azure-functions\nfastapi\nflask\n"}


@pytest.mark.parametrize(
    ("web", "app", "other"),
    [
        (FLASK, "AsgiFunctionApp(app=web)", "WsgiFunctionApp"),
        (FLASK, "AsgiFunctionApp(web.wsgi_app)", "WsgiFunctionApp"),
        (FASTAPI, "WsgiFunctionApp(app=web)", "AsgiFunctionApp"),
        (FASTAPI, "WsgiFunctionApp(fastapi.FastAPI())", "AsgiFunctionApp"),
        ((FLASK[0], FACTORY.format("web")), "AsgiFunctionApp(create_app())", "WsgiFunctionApp"),
    ],
)
def test_a_web_app_of_the_other_kind(
    web: tuple[str, str], app: str, other: str, plant: Plant, find: Find
) -> None:
    files = app_of(web, app)
    [found] = find(plant(files), "AF248")
    line = str(files["function_app.py"]).strip().splitlines()[found.line - 1]
    assert (found.path, line) == ("function_app.py", f"app = func.{app}")
    assert found.fix == f"Use func.{other} instead."


@pytest.mark.parametrize(
    ("web", "app"),
    [
        (FLASK, "WsgiFunctionApp(app=web)"),
        (FLASK, "WsgiFunctionApp(app=web.wsgi_app)"),
        (FASTAPI, "AsgiFunctionApp(app=web)"),
        (
            ("from a2wsgi import ASGIMiddleware, WSGIMiddleware\n" + FLASK[0], FLASK[1]),
            "AsgiFunctionApp(WSGIMiddleware(web))",
        ),
        ((FLASK[0], FACTORY.format("web")), "WsgiFunctionApp(create_app())"),
        ((FLASK[0], FACTORY.format("adapted(web)")), "AsgiFunctionApp(create_app())"),
        ((FLASK[0], f"{FLASK[1]}\nweb = adapted(web)"), "AsgiFunctionApp(app=web)"),
    ],
)
def test_web_apps_of_the_same_kind(web: tuple[str, str], app: str, plant: Plant) -> None:
    assert find_problems(plant(app_of(web, app)), "AF248") == []
