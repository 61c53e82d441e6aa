"""What the formats print, against their schemas and libraries."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml

from functions_validator.cli import main
from functions_validator.model import Place, Problem, Severity
from functions_validator.reports.github import as_github
from functions_validator.reports.report import AppResult, Report
from functions_validator.rules.rule import Finding, Rule
from hooks.catalogue import ROOT
from tests.support.linters import sarif
from tests.support.text_files import read_json
from tests.support.validator import HEALTHY, Files, Plant

SCHEMA = read_json(ROOT / "src/functions_validator/reports/report.schema.json")
BROKEN: Files = {
    "blueprints/orders.py": HEALTHY["blueprints/orders.py"].replace("OrdersStorage", "Missing"),
    "requirements.txt": "azure-functions\nazure-functions-worker\n",
}

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return the exit status of the command, without an index, and what it prints."""

    def run(*arguments: object) -> tuple[int, str]:
        status = main([*map(str, arguments), "--no-index"])
        return status, capsys.readouterr().out

    return run


def as_json(run: Run, *arguments: object) -> Any:
    """Return the report as JSON, which follows its schema."""
    report = json.loads(run(*arguments, "--format", "json")[1])
    jsonschema.validate(report, SCHEMA)
    return report


class TestText:
    def test_a_finding_says_where_to_read_more(self, plant: Plant, run: Run) -> None:
        status, text = run(plant(BROKEN))
        error, warning, *pages, summary = text.splitlines()
        assert status == 1
        assert re.fullmatch(r".*/orders.py:8:71: AF301 orders needs .* Add .*", error)
        assert re.fullmatch(r".*/requirements.txt:2:1: AF402 .* Delete the line\.", warning)
        assert [page.rpartition("/")[2] for page in pages] == [
            "settings.md#af301",
            "packages.md#af402",
        ]
        for page in pages:
            assert Path(page.split(" in ")[1].partition("#")[0]).is_file()
        assert summary.startswith(
            "1 error, 1 warning in 2 functions (sources only, not indexed; 0."
        )


class TestJson:
    def test_findings(self, plant: Plant, run: Run) -> None:
        report = as_json(run, plant(BROKEN))
        error, warning = report["findings"]
        assert error["code"] == "AF301"
        assert error["severity"] == "error"
        assert error["path"].endswith("blueprints/orders.py")
        assert (error["line"], error["column"]) == (8, 71)
        assert error["message"].startswith('orders needs the setting "Missing"')
        assert error["fix"].startswith('Add "Missing"')
        assert error["documentation"].endswith("docs/rules/settings.md#af301")
        assert warning["severity"] == "warning"
        assert (report["apps"][0]["errors"], report["apps"][0]["warnings"]) == (1, 1)

    def test_functions_as_the_sources_tell(self, plant: Plant, run: Run) -> None:
        hello = HEALTHY["blueprints/hello.py"].replace('route="hello"', "route=some_route()")
        [app] = as_json(run, plant({"blueprints/hello.py": hello}))["apps"]
        assert app["indexed_by"] is None
        functions = {function["name"]: function for function in app["functions"]}
        assert functions["orders"]["path"].endswith("blueprints/orders.py")
        assert functions["orders"]["bindings"] == [
            {
                "type": "queueTrigger",
                "direction": "in",
                "name": "message",
                "queueName": "orders",
                "connection": "OrdersStorage",
            }
        ]
        assert functions["hello"]["bindings"][0]["route"] is None

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            *((value, None) for value in ("b'hello'", "1e999", "...", "2j")),
            ("[b'hello', 1e999]", [None, None]),
            ("[1, 0.5, True]", [1, 0.5, True]),
        ],
    )
    def test_a_value_that_json_may_not_have(
        self, value: str, expected: object, plant: Plant, run: Run
    ) -> None:
        hello = HEALTHY["blueprints/hello.py"].replace('route="hello"', f"route={value}")
        [app] = as_json(run, plant({"blueprints/hello.py": hello}))["apps"]
        [hello] = [function for function in app["functions"] if function["name"] == "hello"]
        assert hello["bindings"][0]["route"] == expected

    def test_functions_as_the_index_has_them(
        self, plant: Plant, worker_python: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([str(plant()), "--python", str(worker_python), "--format", "json"]) == 0
        report = json.loads(capsys.readouterr().out)
        jsonschema.validate(report, SCHEMA)
        [app] = report["apps"]
        assert app["indexed_by"].startswith("the Functions worker on Python 3.13")
        assert [function["name"] for function in app["functions"]] == ["hello", "orders"]
        assert [binding["type"] for binding in app["functions"][0]["bindings"]] == [
            "httpTrigger",
            "http",
        ]

    @pytest.mark.parametrize(
        "arguments", [["--select", "XX"], ["--nonsense"], ["--timeout", "long"]]
    )
    def test_an_error_is_a_report_too(self, arguments: list[str], plant: Plant, run: Run) -> None:
        app = plant()
        assert run(app, *arguments, "--format", "json")[0] == 2
        report = as_json(run, app, *arguments)
        assert report["error"].endswith(".")
        assert report["apps"] == report["findings"] == []


@pytest.mark.usefixtures("node")
class TestSarif:
    def test_a_result_names_its_rule_and_its_place(self, plant: Plant, run: Run) -> None:
        text = run(plant(BROKEN), "--format", "sarif")[1]
        sarif(text)
        [content] = json.loads(text)["runs"]
        error, warning = content["results"]
        rules = content["tool"]["driver"]["rules"]
        assert [result["ruleId"] for result in (error, warning)] == ["AF301", "AF402"]
        for result in (error, warning):
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert (error["level"], warning["level"]) == ("error", "warning")
        [location] = error["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"].endswith("blueprints/orders.py")
        assert place["region"] == {"startLine": 8, "startColumn": 71}
        assert content["invocations"][0]["executionSuccessful"] is True

    def test_an_error_is_a_run_that_failed(self, run: Run, tmp_path: Path) -> None:
        text = run(tmp_path, "--format", "sarif")[1]
        sarif(text)
        [invocation] = json.loads(text)["runs"][0]["invocations"]
        assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
        [said] = invocation["toolExecutionNotifications"]
        assert "has no function_app.py beside a host.json" in said["message"]["text"]


class TestJunit:
    def test_a_rule_is_a_case(self, plant: Plant, run: Run) -> None:
        xml = JUnitXml.fromstring(run(plant(BROKEN), "--format", "junit", "--select", "AF3,AF4")[1])
        [suite] = xml
        assert (suite.failures, suite.errors) == (1, 0)
        cases = {case.name[:5]: case for case in suite}
        assert {name[:3] for name in cases} == {"AF3", "AF4"}
        [failure] = cases["AF301"].result
        assert isinstance(failure, Failure)
        assert 'orders needs the setting "Missing"' in failure.text
        assert "AF402" in cases
        assert "azure-functions-worker" in cases["AF402"].system_out
        assert cases["AF402"].is_passed
        assert cases["AF310"].is_passed

    def test_an_error_is_a_case_that_could_not_run(self, run: Run, tmp_path: Path) -> None:
        [suite] = JUnitXml.fromstring(run(tmp_path, "--format", "junit")[1])
        [case] = suite
        [error] = case.result
        assert isinstance(error, Error)
        assert "has no function_app.py beside a host.json" in error.message

    def test_what_xml_does_not_take_is_replaced(self, plant: Plant, run: Run) -> None:
        orders = HEALTHY["blueprints/orders.py"].replace("OrdersStorage", "\\x1b[1mMissing")
        text = run(plant({"blueprints/orders.py": orders}), "--format", "junit")[1]
        assert "\N{REPLACEMENT CHARACTER}[1mMissing" in text
        assert JUnitXml.fromstring(text).failures == 1


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "junit"])
def test_every_format_tells_first_why_the_app_is_not_indexed(
    format: str, plant: Plant, capsys: pytest.CaptureFixture[str], own_python: Path
) -> None:
    assert main([str(plant(BROKEN)), "--python", str(own_python), "--format", format]) == 1
    text = capsys.readouterr().out
    why = f"azure-functions is not installed for {own_python}, so only the sources were checked."
    if format == "json":
        report = json.loads(text)
        jsonschema.validate(report, SCHEMA)
        assert report["apps"][0]["not_indexed"].startswith(why)
    elif format == "junit":
        [suite] = JUnitXml.fromstring(text)
        case = next(iter(suite))
        assert case.is_skipped
        assert case.result[0].message.startswith(why)
    elif format == "sarif":
        [invocation] = json.loads(text)["runs"][0]["invocations"]
        said = invocation["toolExecutionNotifications"][0]
        assert said["level"] == "warning"
        assert why in said["message"]["text"]
    else:
        assert why in text.splitlines()[0]
        assert text.count(why) == 1


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "junit"])
def test_every_format_has_the_notes(format: str, plant: Plant, run: Run) -> None:
    accepted = '[tool.functions-validator]\nignore = ["AF302"]\n'
    text = run(plant({"pyproject.toml": accepted}), "--format", format)[1]
    assert "matches no finding" in text


def test_github_takes_nothing_in_a_text_for_a_part_of_a_command() -> None:
    place = Place("a, b: 100%.py", 2)
    problem = Problem(place, "100% is odd.", "Fix it.")
    finding = Finding(Rule("AF999", Severity.ERROR, "Odd", lambda project: iter(())), problem)
    result = AppResult(Path("."), [finding.rule], [finding], [], [], 0, "")
    command = as_github(Report([result])).splitlines()[0]
    assert command.startswith("::error file=a%2C b%3A 100%25.py,line=2,col=1,title=AF999::")
    assert command.endswith("::100%25 is odd. Fix it.")
    assert as_github(Report(error="It\r\nfails.")) == "::error::It%0D%0Afails."


def test_annotations_of_github(plant: Plant, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plant(BROKEN))
    error, warning, _ = run("--format", "github")[1].splitlines()
    assert error.startswith("::error file=blueprints/orders.py,line=8,col=71,title=AF301::orders ")
    assert warning.startswith("::warning file=requirements.txt,line=2,col=1,title=AF402::azure-")
