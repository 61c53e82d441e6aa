"""Blueprints with a function that has the decorators of a test."""

from tests.support.validator import Find, Plant

FUNCTION = """
    import typing

    import azure.functions as func

    bp = func.Blueprint()


    {decorators}
    def orders({parameters}) -> None:
        pass
    """
STORAGE = "'AzureWebJobsStorage'"


def function(decorators: str, parameters: str) -> str:
    """Return a blueprint with a function; the decorators are on one line each."""
    return FUNCTION.format(decorators="\n    ".join(decorators.splitlines()), parameters=parameters)


def codes(plant: Plant, find: Find, source: str) -> list[str]:
    """Return the codes of what the rules on bindings find in a blueprint."""
    app = plant({"blueprints/orders.py": source})
    return [finding.code for finding in find(app, "AF2")]
