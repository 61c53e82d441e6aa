"""Local settings, and blueprints that need settings, for the tests of the rules about settings."""

import json

from tests.support.validator import Found

AZURITE = "UseDevelopmentStorage=true"
QUEUE = 'queue_trigger(arg_name="message", queue_name="{queue}", connection="{connection}")'
ORDERS = QUEUE.format(queue="orders", connection="OrdersStorage")


def local(**values: object) -> str:
    """Return a local.settings.json with what every app has, and more; None leaves a setting out."""
    every = {"FUNCTIONS_WORKER_RUNTIME": "python", "AzureWebJobsStorage": AZURITE, **values}
    kept = {name: value for name, value in every.items() if value is not None}
    return json.dumps({"IsEncrypted": False, "Values": kept}, indent=2)


def blueprint(decorator: str, parameter: str = "message") -> str:
    """Return a blueprint with one function."""
    return (
        "import azure.functions as func\n\nbp = func.Blueprint()\n\n\n"
        f"@bp.{decorator}\ndef orders({parameter}) -> None:\n    print({parameter})\n"
    )


def queue(connection: str = "OrdersStorage", name: str = "orders") -> str:
    """Return a blueprint with a queue trigger."""
    return blueprint(QUEUE.format(queue=name, connection=connection))


def hello(top: str = "", inside: str = "pass") -> str:
    """Return a blueprint with lines at the top, and others in its function."""
    return (
        f"import os\n{top}\nimport azure.functions as func\n\nbp = func.Blueprint()\n\n\n"
        '@bp.route(route="hello")\ndef hello(req: func.HttpRequest) -> str:\n'
        f"    {inside}\n    return 'x'\n"
    )


def codes(found: list[Found]) -> list[tuple[str, str, int]]:
    """Return the codes and places of findings."""
    return [(finding.code, finding.path, finding.line) for finding in found]
