"""Tests for the HTTP function http_report_example."""

import json
import tempfile
import threading
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import azure.functions as func
import pytest

from blueprints import http_report_example as blueprint


@pytest.fixture
def context() -> Any:
    """The context of an invocation."""
    context = Mock(spec=func.Context, invocation_id="i-1", function_name="report")
    context.thread_local_storage = threading.local()
    return context


def post(context: Any, body: bytes) -> func.HttpResponse:
    req = func.HttpRequest(
        method="POST",
        url="/api/http-report-example",
        body=body,
    )
    response: func.HttpResponse = blueprint.http_report_example(req, context)
    return response


def test_reports_on_every_order_in_the_order_of_the_list(context: Any) -> None:
    response = post(context, b"[7, 1, 2]")
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    lines = response.get_body().decode().splitlines()
    assert lines == ["order,status", "7,open", "1,open", "2,sent"]


def test_orders_wait_together(context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_REPORT_EXAMPLE_THREADS", "3")
    all_wait = threading.Barrier(3, timeout=10)

    def read_status(order: int) -> str:
        all_wait.wait()
        return "open"

    monkeypatch.setattr(blueprint, "read_status", read_status)
    assert post(context, b"[1, 2, 3]").status_code == 200


def test_uses_no_more_threads_than_it_may(context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_REPORT_EXAMPLE_THREADS", "2")
    threads = set()
    read = blueprint.read_status

    def read_status(order: int) -> str:
        threads.add(threading.get_ident())
        return read(order)

    monkeypatch.setattr(blueprint, "read_status", read_status)
    assert post(context, b"[1, 2, 3, 4, 5]").status_code == 200
    assert len(threads) <= 2


@pytest.mark.parametrize("orders", [[1], [10**9] * blueprint.MAX_ORDERS])
def test_takes_the_shortest_and_the_longest_list(
    orders: list[int], context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blueprint, "read_status", lambda order: "open")
    assert post(context, json.dumps(orders).encode()).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[1",
        pytest.param(b"[" * 100_000, id="deep"),
        b"7",
        b"[]",
        b"[0]",
        b"[1.5]",
        b"[true]",
        b'["1"]',
        b"[1000000001]",
    ],
)
def test_refuses_a_body_without_valid_order_numbers(body: bytes, context: Any) -> None:
    response = post(context, body)
    assert (response.status_code, response.mimetype) == (400, "application/json")
    assert json.loads(response.get_body())["error"]


def test_threads_log_as_a_part_of_the_invocation(
    context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    # Up to Python 3.12, the worker reads the thread's storage. Since then, it has such a variable.
    of_worker = ContextVar("of_worker", default="none")

    def read_status(order: int) -> str:
        invocations = {context.thread_local_storage.invocation_id, of_worker.get()}
        seen.append((threading.current_thread(), invocations))
        return "seen"

    monkeypatch.setattr(blueprint, "read_status", read_status)
    of_worker.set("i-1")
    post(context, b"[1, 2]")
    assert [invocations for _, invocations in seen] == [{"i-1"}, {"i-1"}]
    assert threading.main_thread() not in [thread for thread, _ in seen]


def test_the_number_of_threads_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_REPORT_EXAMPLE_THREADS", "9")
    assert blueprint.read_threads() == 9
    monkeypatch.delenv("HTTP_REPORT_EXAMPLE_THREADS")
    assert blueprint.read_threads() == 4


def test_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert blueprint.write_report([(7, "open")]) == b"order,status\n7,open\n"
    assert list(tmp_path.iterdir()) == []
