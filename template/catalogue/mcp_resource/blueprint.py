"""A resource that AI assistants read through the Model Context Protocol (MCP)."""

import logging
from typing import Dict

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


def price_list(cents: Dict[str, int]) -> str:
    """Return a Markdown table of prices; raise ValueError if a price is invalid."""
    lines = ["| Product | Euros |", "|---|---:|"]
    for product, price in sorted(cents.items()):
        if price < 0:
            raise ValueError(f"{product} has an invalid price")
        lines.append(f"| {product} | {price / 100:.2f} |")
    return "\n".join(lines) + "\n"
