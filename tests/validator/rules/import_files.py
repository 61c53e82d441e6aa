"""An app with an import, and the requirements that may provide it."""

from tests.support.validator import HEALTHY, Files


def importing(line: str, requirements: str = "") -> Files:
    """Return an app with a line in a blueprint, and requirements besides azure-functions."""
    return {
        "blueprints/hello.py": f"{line}\n{HEALTHY['blueprints/hello.py']}",
        "requirements.txt": f"azure-functions\n{requirements}\n",
    }
