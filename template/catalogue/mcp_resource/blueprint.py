"""A resource that AI assistants read through the Model Context Protocol (MCP)."""

import logging
from typing import Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Stands for where your prices are.
CENTS = {"black tea": 250, "green tea": 300, "milk": 120}


@bp.mcp_resource_trigger(
    arg_name="context",
    uri="shop://mcp-resource-example",
    resource_name="mcp_resource_example",
    title="Price list",
    description="What the products of the shop cost, as a table in Markdown",
    mime_type="text/markdown",
)
def mcp_resource_example(context: str) -> str:
    """Return the price list. `context` is JSON that says who asks for which resource."""
    logger.info("Somebody reads the price list")
    return price_list(CENTS)


def price_list(cents: Dict[str, int]) -> str:
    """Return a table of prices in Markdown; raise ValueError if one is impossible."""
    lines = ["| Product | Euros |", "|---|---:|"]
    for product, price in sorted(cents.items()):
        if price < 0:
            raise ValueError(f"{product} has an impossible price")
        lines.append(f"| {product} | {price / 100:.2f} |")
    return "\n".join(lines) + "\n"
