"""A tool that AI assistants call through the Model Context Protocol (MCP)."""

import json
import logging
from typing import Dict, List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Replace with your own source of products.
CENTS = {"black tea": 250, "green tea": 300, "milk": 120}
MOST_PRODUCTS = 20


# The assistant decides when and how to call it from its name, docstring and properties.
@bp.mcp_tool()
@bp.mcp_tool_property(
    arg_name="words",
    description="Words in the product's name, such as: green tea",
)
@bp.mcp_tool_property(
    arg_name="limit",
    description="Maximum number of products to return, from 1 to 20",
)
def mcp_tool_example(
    words: str,
    limit: int = 5,
) -> str:
    """Search the shop's products by name. Returns their names and prices in cents, as JSON."""
    logger.info("Searching for %r", words)
    if not words.strip():
        return "Give at least one word to search for."
    if not 1 <= limit <= MOST_PRODUCTS:
        return f"The limit must be from 1 to {MOST_PRODUCTS}."
    found = search_products(words.lower().split())[:limit]
    return json.dumps(found) if found else f"No product is called {words}."


def search_products(words: List[str]) -> List[Dict[str, object]]:
    """Return the products whose names contain all words, sorted by name."""
    return [
        {"name": name, "cents": cents}
        for name, cents in sorted(CENTS.items())
        if all(word in name for word in words)
    ]
