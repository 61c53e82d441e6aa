"""Tests for the blob function blob_eventgrid_example."""

import json
from decimal import Decimal
from typing import Any

import pytest
from azure.functions.blob import InputStream

from blueprints import blob_eventgrid_example as blueprint


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The products that the function passes to `process`."""
    products: list[Any] = []
    monkeypatch.setattr(blueprint, "process", products.extend)
    return products


def upload(content: bytes) -> None:
    name = "blob-eventgrid-example/products.jsonl"
    blob = InputStream(data=content, name=name, length=len(content))
    blueprint.blob_eventgrid_example(blob)


def test_imports_every_product(processed: list[Any]) -> None:
    upload(b'{"sku": "T-1", "price": "2.50"}\n{"sku": "T-2", "price": 3}\n')
    assert [(product.sku, product.price) for product in processed] == [
        ("T-1", Decimal("2.50")),
        ("T-2", Decimal(3)),
    ]


def test_imports_products_that_cost_nothing_or_little(processed: list[Any]) -> None:
    upload(b'{"sku": "T-1", "price": 0}\n{"sku": "T-2", "price": "0.01"}\n')
    assert [product.price for product in processed] == [Decimal(0), Decimal("0.01")]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"no json",
        b'{"sku": "T-1\xff", "price": 2}',
        b'["T-1", 2]',
        b'{"price": 2}',
        b'{"sku": null, "price": 2}',
        b'{"sku": 7, "price": 2}',
        b'{"sku": "", "price": 2}',
        rb'{"sku": "\ud83d", "price": 2}',
        b'{"sku": "T-1"}',
        b'{"sku": "T-1", "price": "cheap"}',
        b'{"sku": "T-1", "price": -1}',
        b'{"sku": "T-1", "price": NaN}',
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_skips_a_line_that_is_not_a_product(
    line: bytes, processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    upload(line + b'\n{"sku": "T-2", "price": 3}\n')
    assert [product.sku for product in processed] == ["T-2"]
    [message] = caplog.messages
    assert message.startswith("Skipped line 1: ")
    assert "T-1" not in message


def test_logs_the_first_invalid_lines_and_their_number(
    processed: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    upload(b"no json\n" * 1000 + b'{"sku": "T-2", "price": 3}\n')
    assert len(caplog.messages) == blueprint.MAX_WARNINGS + 1
    assert caplog.messages[-1] == "Skipped 1000 lines in all"
    assert [product.sku for product in processed] == ["T-2"]


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_splits_lines_at_line_feeds_only(separator: str, processed: list[Any]) -> None:
    text = json.dumps({"sku": f"a{separator}b", "price": 3}, ensure_ascii=False)
    upload(f"{text}\r\n{text}".encode())
    assert [product.sku for product in processed] == [f"a{separator}b"] * 2


def test_imports_a_file_that_starts_with_a_byte_order_mark(processed: list[Any]) -> None:
    upload(b'\xef\xbb\xbf{"sku": "T-1", "price": 2}')
    assert [product.sku for product in processed] == ["T-1"]


@pytest.mark.parametrize("content", [b"", b"no json\n", b"\xff"])
def test_raises_for_a_file_without_products(content: bytes, processed: list[Any]) -> None:
    with pytest.raises(ValueError, match="contains no products"):
        upload(content)
    assert processed == []
