"""How the package is built: its modules, and the order of its rules."""

import ast
import graphlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from functions_validator.registry import FAMILIES, RULES
from hooks.catalogue import ROOT

PACKAGE = ROOT / "src" / "functions_validator"
MODULES = {
    ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
LONGEST = 400


def imported(name: str, path: Path) -> Iterator[str]:
    """Yield the modules of the package that a module imports, also where only types need them."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield whole if whole in MODULES else module


def test_no_modules_import_each_other() -> None:
    graph = {name: set(imported(name, path)) for name, path in MODULES.items()}
    assert graph["functions_validator.cli"] > {"functions_validator.registry"}
    assert list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", MODULES.values(), ids=MODULES)
def test_a_module_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_the_codes_are_in_one_order_a_hundred_a_family() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert [{rule.code[:3] for rule in family.rules} for family in FAMILIES] == [
        {f"AF{number}"} for number in range(1, len(FAMILIES) + 1)
    ]


def test_every_rule_of_a_module_is_in_the_registry_beside_its_neighbours() -> None:
    modules = [rule.check.__module__ for rule in RULES]
    changes = [one for one, other in pairwise([*modules, ""]) if one != other]
    assert len(changes) == len(set(changes))
    defined = [
        node.name
        for path in (PACKAGE / "rules").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        if any(ast.unparse(decorator).startswith("rule(") for decorator in node.decorator_list)
    ]
    assert sorted(defined) == sorted(rule.check.__name__ for rule in RULES)
