"""Tests for the blob function blob_example."""

from decimal import Decimal
from typing import Any

import pytest
from azure.functions.blob import InputStream

from blueprints import blob_example as blueprint

SALES = b"product,amount\r\ntea,2.50\r\ncake,4\r\ntea,1.25\r\n"


@pytest.fixture
def processed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The files that the function passes to `process`, by name."""
    files: dict[str, Any] = {}
    monkeypatch.setattr(blueprint, "process", files.__setitem__)
    return files


def upload(content: bytes) -> None:
    blob = InputStream(data=content, name="uploads/may.csv", length=len(content))
    blueprint.blob_example(blob)


@pytest.mark.parametrize("content", [SALES, b"\xef\xbb\xbf" + SALES])
def test_adds_up_the_sales_of_each_product(content: bytes, processed: dict[str, Any]) -> None:
    upload(content)
    amounts = {"tea": Decimal("3.75"), "cake": Decimal(4)}
    assert processed == {"uploads/may.csv": amounts}


def test_takes_a_file_without_sales(processed: dict[str, Any]) -> None:
    upload(b"product,amount\n")
    assert processed == {"uploads/may.csv": {}}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"product,price\ntea,2.50\n", "Line 2"),
        (b"product,amount\ntea,2.50\ncake,dear\n", "Line 3"),
        (b"product,amount\ntea\n", "Line 2"),
        (b"product,amount\ntea,NaN\n", "Line 2"),
        (b"product,amount\ntea,2.50\ncake,Infinity\n", "Line 3"),
        (b"product,amount\n" + b"t" * 131073 + b",1\n", "Line 2 is not CSV"),
        (b"product,amount\nth\xe9,1\n", "utf-8"),
    ],
)
def test_raises_for_a_broken_file_so_that_the_host_reports_it(
    content: bytes, complaint: str, processed: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=complaint):
        upload(content)
    assert processed == {}


def test_logs_the_amounts(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    upload(SALES)
    assert "uploads/may.csv: 3.75 of tea" in caplog.messages
