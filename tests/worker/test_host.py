"""The functions of the sample app as the host lists them: their bindings, and what its admin API says of them."""

import json
from collections.abc import Mapping
from typing import Any

from tests.worker.client import Report
from tests.worker.exchange import HttpAnswer, Result


def test_the_host_lists_bindings_as_in_function_json(report: Report) -> None:
    [trigger, *outputs] = sorted(report.functions["copy"], key=lambda binding: binding["direction"])
    assert (trigger["type"], trigger["name"], trigger["queueName"]) == (
        "queueTrigger",
        "message",
        "q",
    )
    assert {(output["type"], output["name"]) for output in outputs} == {
        ("queue", "copy"),
        ("queue", "other"),
    }


def test_the_host_says_why_functions_are_in_error(report: Report) -> None:
    assert report.in_error == {
        "z_same_route": [
            "The route specified conflicts with the route defined by function 'text'."
        ],
        "not_connected": [
            "Storage account connection string 'AzureWebJobsMissing' does not exist."
        ],
    }
    assert {"z_same_route", "not_connected"} < set(report.functions)


def test_the_admin_api_says_what_the_host_knows(
    report: Report, results: Mapping[str, Result]
) -> None:
    assert json_of(results["status of the host"]) == {"state": "Running"}
    names = [function["name"] for function in json_of(results["functions"])]
    assert names == list(report.functions)
    assert json_of(results["healthy"]) == {}
    assert json_of(results["in error"]) == {"errors": report.in_error["not_connected"]}
    titles = ("no such function", "unknown", "not played")
    assert [results[title].answer for title in titles] == list(map(HttpAnswer, (404, 404, 501)))


def json_of(result: Result) -> Any:
    return json.loads(result.http_answer().body)
