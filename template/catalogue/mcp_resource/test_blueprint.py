"""Tests for the MCP resources mcp_resource_example and mcp_resource_example_product."""

import json

import pytest

from blueprints import mcp_resource_example as blueprint


def read(product: str) -> str:
    """Return what an assistant reads about a product, whose name is as in a URI."""
    context = json.dumps({"uri": f"shop://mcp-resource-example/{product}"})
    content: str = blueprint.mcp_resource_example_product(context)
    return content


def test_is_a_table_of_all_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "CENTS", {"milk": 120, "black tea": 250})
    assert blueprint.mcp_resource_example("{}").splitlines() == [
        "| Product | Euros |",
        "|---|---:|",
        "| black tea | 2.50 |",
        "| milk | 1.20 |",
    ]


def test_a_product_can_be_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "CENTS", {"water": 0})
    assert "| water | 0.00 |" in read("water")


def test_an_impossible_price_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "CENTS", {"milk": -1})
    with pytest.raises(ValueError, match="milk has an invalid price"):
        blueprint.mcp_resource_example("{}")


@pytest.mark.parametrize("product", ["black%20tea", "black tea", "Black%20Tea", " black%20tea "])
def test_each_product_has_a_uri(product: str) -> None:
    lines = read(product).splitlines()
    assert lines == ["| Product | Euros |", "|---|---:|", "| black tea | 2.50 |"]


@pytest.mark.parametrize("product", ["coffee", "", "%FF", "black", "milk%2Fcream"])
def test_says_which_products_there_are_if_there_is_not_this_one(product: str) -> None:
    assert (
        read(product)
        == "The shop does not have this product. It has: black tea, green tea, milk.\n"
    )


def test_the_second_uri_is_a_template() -> None:
    function = blueprint.mcp_resource_example_product.build()
    [trigger] = function.get_bindings_dict()["bindings"]
    assert trigger["uri"] == "shop://mcp-resource-example/{product}"
