"""The results of the last run in Pyodide are complete; a run takes minutes, so the tests do not repeat it."""

from datetime import date

from tests.support.catalogue import KINDS
from tests.support.text_files import read_json

from .results import FILE, read_results

RESULTS = read_results()


def test_they_have_every_kind_that_runs_on_this_python() -> None:
    expected = {kind.id for kind in KINDS if RESULTS.version in kind.python}
    assert set(RESULTS.kinds) == expected, "Run `make pyodide docs`."


def test_what_failed_has_a_reason() -> None:
    for kind, outcome in RESULTS.kinds.items():
        assert outcome.passed + outcome.failed > 0, kind
        assert bool(outcome.failed) == bool(outcome.missing), kind
    # What is missing stops few kinds altogether.
    assert len([one for one in RESULTS.kinds.values() if not one.passed]) < len(RESULTS.kinds) / 5


def test_they_are_of_the_pyodide_that_would_run_them() -> None:
    package = read_json(FILE.with_name("package.json"))
    assert package["dependencies"] == {"pyodide": RESULTS.pyodide}
    assert date.fromisoformat(RESULTS.date) >= date(2026, 11, 26)
