"""HTTP requests to the sample app, and the answers of the host."""

import json
from collections.abc import Mapping

import pytest

from tests.worker.exchange import HttpAnswer, Result
from tests.worker.faults import BEHAVIOR


def test_a_request_reaches_the_function(results: Mapping[str, Result]) -> None:
    answer = results["post"].http_answer()
    assert answer.status == 201
    assert answer.headers["x-seen"] == "yes"
    assert json.loads(answer.body) == {
        "url": "http://localhost:7071/v1/Items/5?a=1&a=2&b=&c=%20d",
        "method": "POST",
        "headers": {"x-a": "B"},
        "query": {"a": "1,2", "c": " d"},
        "parameters": {"thing": "Items", "id": "5"},
        "body": "{}",
    }


def test_a_request_needs_no_query_and_no_body(results: Mapping[str, Result]) -> None:
    seen = json.loads(results["get"].http_answer().body)
    assert (seen["query"], seen["parameters"], seen["body"]) == ({}, {"thing": "items"}, "")


@pytest.mark.parametrize("title", ["other method", "other prefix"])
def test_a_request_that_no_route_takes_is_a_404(results: Mapping[str, Result], title: str) -> None:
    assert results[title].http_answer().status == 404


def test_a_text_is_an_answer(results: Mapping[str, Result]) -> None:
    answer = results["text"].http_answer()
    assert (answer.status, answer.body.decode()) == (200, "é")


def test_a_function_can_set_cookies(results: Mapping[str, Result]) -> None:
    assert results["cookies"].http_answer().status == 200


def test_a_failure_of_an_http_function_is_a_500(results: Mapping[str, Result]) -> None:
    failure, answer = results["nothing"].failure, results["nothing"].answer
    assert failure is not None
    assert answer is not None
    assert "unable to encode outgoing TypedData" in failure.message
    assert answer.status == 500


@pytest.mark.parametrize("title", ["none", "dict", "number", "unset"])
def test_what_is_not_an_answer_is_a_500(results: Mapping[str, Result], title: str) -> None:
    assert results[title].answer == HttpAnswer(500)


def test_a_body_over_the_limit_never_reaches_the_function(results: Mapping[str, Result]) -> None:
    assert BEHAVIOR["request_body_limit"] == 100 * 1024 * 1024
    answers = [results[title].answer for title in ("as large as may be", "too large")]
    assert [answer.status for answer in answers if answer] == [201, 500]
    assert answers[1] == HttpAnswer(500)
