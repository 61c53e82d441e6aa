"""How the package is built: its modules, and the order of its rules."""

import ast
import graphlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from functions_validator.registry import FAMILIES, RULES
from hooks.catalogue import ROOT
from tests.support.text_files import read

PACKAGE = ROOT / "src" / "functions_validator"
MODULES = {
    ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
LONGEST = 400


def imported(name: str, path: Path) -> Iterator[str]:
    """Yield the modules of the package that a module imports, also where only types need them."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(read(path))):
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


def test_a_package_imports_only_those_that_the_map_has_above_it() -> None:
    guide = read(ROOT / "CONTRIBUTING.md")
    part = guide.partition("\nsrc/functions_validator/ ")[2].partition("\nsrc/pyz/")[0]
    order = re.findall(r"(?m)(?<=  )(\w+)/", part)
    assert sorted(order) == sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    for name, path in MODULES.items():
        for other in imported(name, path):
            package, below = (f"{one}.".split(".")[1] for one in (name, other))
            if {package, below} <= {*order}:
                assert order.index(below) <= order.index(package), (name, other)


def test_a_rule_is_in_the_folder_of_its_family() -> None:
    assert all(
        rule.check.__module__.split(".")[2] == family.name
        for family in FAMILIES
        for rule in family.rules
    )


def test_no_families_import_each_other() -> None:
    graph: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        if name.startswith("functions_validator.rules."):
            family = name.split(".")[2]
            others = {other.split(".")[2] for other in imported(name, path) if ".rules." in other}
            graph.setdefault(family, set()).update(others - {family})
    assert graph["settings"] > {"rule"}
    assert list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", MODULES.values(), ids=MODULES)
def test_a_module_is_short(path: Path) -> None:
    assert len(read(path).splitlines()) <= LONGEST


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
        for path in (PACKAGE / "rules").rglob("*.py")
        for node in ast.parse(read(path)).body
        if isinstance(node, ast.FunctionDef)
        if any(ast.unparse(decorator).startswith("rule(") for decorator in node.decorator_list)
    ]
    assert sorted(defined) == sorted(rule.check.__name__ for rule in RULES)
