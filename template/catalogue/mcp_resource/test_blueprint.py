"""Tests for the MCP resource mcp_resource_example."""

import pytest

from blueprints import mcp_resource_example as blueprint


def test_is_a_table_of_all_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "CENTS", {"milk": 120, "black tea": 250})
    assert blueprint.mcp_resource_example("{}").splitlines() == [
        "| Product | Euros |",
        "|---|---:|",
        "| black tea | 2.50 |",
        "| milk | 1.20 |",
    ]


def test_an_impossible_price_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "CENTS", {"milk": -1})
    with pytest.raises(ValueError, match="milk has an invalid price"):
        blueprint.mcp_resource_example("{}")
