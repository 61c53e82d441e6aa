"""What the README says of another version of Python: all functions of the app run on it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.catalogue import KINDS, PYTHONS
from tests.support.readme import section


@pytest.mark.parametrize("version", PYTHONS)
def test_another_python_is_one_that_can_be_chosen(
    version: str, render: Callable[..., Path]
) -> None:
    text = section(render({"a": "http"}, python_version=version), "Change the Python version")
    [other] = re.findall(r"--data python_version=(\S+)", text)
    assert other in set(PYTHONS) - {version}
    assert f"--runtime-version {other}\n" in text
    assert f'--linux-fx-version "Python|{other}"\n' in text


def test_an_app_that_flex_consumption_cannot_run_needs_no_command_for_it(
    render: Callable[..., Path],
) -> None:
    text = section(render({"jobs": "redis"}), "Change the Python version")
    assert "Flex Consumption" not in text
    assert "az functionapp runtime config set" not in text
    assert "az functionapp config set" in text


@pytest.mark.parametrize("infra", ["none", "azd"])
@pytest.mark.parametrize("kinds", [["agent"], ["worker_extension"], ["eventhub_sdk", "http"]])
def test_all_its_functions_run_on_that_python(
    kinds: list[str], infra: str, render: Callable[..., Path]
) -> None:
    possible = set.intersection(*(set(kind.python) for kind in KINDS if kind.id in kinds))
    assert possible
    functions = {f"a_{kind}": kind for kind in kinds}
    for version in possible:
        app = render(functions, python_version=version, infra=infra)
        text = section(app, "Change the Python version")
        [other] = re.findall(r"--data python_version=(\S+)", text)
        assert other in possible - {version}
        copied = render(functions, python_version=other, infra=infra)
        assert (copied / "function_app.py").is_file()


def test_it_says_so_if_there_is_no_other_python(render: Callable[..., Path]) -> None:
    app = render({"help_out": "agent", "orders": "servicebus_sdk"})
    text = section(app, "Change the Python version")
    assert text == "\nPython 3.13 is the only version on which all functions of this app run.\n\n"


@pytest.mark.parametrize(
    ("infra", "next_command"), [("azd", "azd up"), ("none", "az functionapp runtime config set")]
)
def test_with_uv_the_packages_are_those_of_the_other_python(
    infra: str, next_command: str, render: Callable[..., Path]
) -> None:
    """Azure installs requirements.txt, which is made from the lock file of the Python before."""
    functions = {"hello": "http", "orders": "queue"}
    app = render(functions, package_manager="uv", infra=infra)
    text = section(app, "Change the Python version")
    command = "uv run python -m tools.requirements"
    assert re.search(rf"copier update .*\n{command}\n{next_command}", text)
    assert "tools.requirements" not in section(
        render(functions, infra=infra), "Change the Python version"
    )
