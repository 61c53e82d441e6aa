"""A tool that AI assistants call through the Model Context Protocol (MCP)."""

import json
import logging
from typing import Dict, List, Optional, Tuple

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Replace with your own source of products.
CENTS = {"black tea": 250, "green tea": 300, "milk": 120}
MAX_PRODUCTS = 20


# The name, docstring and properties tell the assistant when and how to call it. Properties say
# what the signature does not: a property is required unless it has is_required=False, and one
# value unless it has as_array=True. Call nothing slow without await: it would stop all functions.
@bp.mcp_tool()
@bp.mcp_tool_property(
    arg_name="words",
    description="Words in the product's name, such as: green tea",
)
@bp.mcp_tool_property(
    arg_name="limit",
    description="Maximum number of products to return, from 1 to 20; 5 if not given",
    is_required=False,
)
async def mcp_tool_example(
    words: str,
    limit: Optional[int] = 5,
) -> str:
    """Search the shop's products by name. Returns their names and prices in cents, as JSON."""
    try:
        terms, most = read_search(words, limit)
    except ValueError as error:
        # The assistant would not see the text of an exception.
        return str(error)
    found = search_products(terms)[:most]
    logger.info("Found %s products", len(found))
    # JSON, because a list or dict would arrive as Python writes it.
    return json.dumps(found) if found else f"No product is called {words}."


def read_search(words: object, limit: object) -> Tuple[List[str], int]:
    """Return the words and the limit of a search; raise ValueError if they are invalid.

    Assistants can send values of any type, and null: the host checks only that `words` is there.
    """
    if not isinstance(words, str) or not words.strip():
        raise ValueError("Give at least one word to search for.")
    number = 5 if limit is None else limit
    if type(number) is not int or not 1 <= number <= MAX_PRODUCTS:
        raise ValueError(f"The limit must be a whole number from 1 to {MAX_PRODUCTS}.")
    return words.lower().split(), number


def search_products(words: List[str]) -> List[Dict[str, object]]:
    """Return the products whose names contain all words, sorted by name."""
    return [
        {"name": name, "cents": cents}
        for name, cents in sorted(CENTS.items())
        if all(word in name for word in words)
    ]
