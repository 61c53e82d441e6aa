"""Resources that AI assistants read through the Model Context Protocol (MCP)."""

import json
import logging
from typing import Dict
from urllib.parse import unquote

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Replace with your own source of prices.
CENTS = {"black tea": 250, "green tea": 300, "milk": 120}


@bp.mcp_resource_trigger(
    arg_name="context",
    uri="shop://mcp-resource-example",
    resource_name="mcp_resource_example",
    title="Price list",
    description="Prices of the shop's products, as a Markdown table",
    mime_type="text/markdown",
)
def mcp_resource_example(context: str) -> str:
    """Return the price list. `context` is JSON that describes the request and its sender.

    An exception reaches the assistant as an internal error.
    """
    logger.info("The price list was read")
    return price_list(CENTS)


# A template: the assistant replaces the part in braces.
@bp.mcp_resource_trigger(
    arg_name="context",
    uri="shop://mcp-resource-example/{product}",
    resource_name="mcp_resource_example_product",
    title="Price of a product",
    description="Price of the product with this name, as a Markdown table",
    mime_type="text/markdown",
)
def mcp_resource_example_product(context: str) -> str:
    """Return the price of one product, or a text that says which products there are.

    The assistant would not see the text of an exception.
    """
    product = read_product(context)
    if product not in CENTS:
        names = ", ".join(sorted(CENTS))
        return f"The shop does not have this product. It has: {names}.\n"
    return price_list({product: CENTS[product]})


def read_product(context: str) -> str:
    """Return the product in the URI of a request; the host passes the URI as a whole."""
    uri: str = json.loads(context)["uri"]
    _, _, product = uri.rpartition("/")
    return unquote(product).strip().lower()


def price_list(cents: Dict[str, int]) -> str:
    """Return a Markdown table of prices; raise ValueError if a price is invalid."""
    lines = ["| Product | Euros |", "|---|---:|"]
    for product, price in sorted(cents.items()):
        if price < 0:
            raise ValueError(f"{product} has an invalid price")
        lines.append(f"| {product} | {price / 100:.2f} |")
    return "\n".join(lines) + "\n"
