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
    arg_name="without",
    description="Words that the name must not have, such as: milk; none if not given",
    is_required=False,
    as_array=True,
)
@bp.mcp_tool_property(
    arg_name="limit",
    description="Maximum number of products to return, from 1 to 20; 5 if not given",
    is_required=False,
)
async def mcp_tool_example(
    words: str,
    without: Optional[List[str]] = None,
    limit: Optional[int] = None,
) -> str:
    """Search the shop's products by name. Returns their names and prices in cents, as JSON."""
    try:
        wanted, unwanted, most = read_search(words, without, limit)
    except ValueError as error:
        # The assistant would not see the text of an exception.
        return json.dumps({"error": str(error)})
    found = search_products(wanted, unwanted)[:most]
    logger.info("Found %s products", len(found))
    # JSON, because a list or dict would arrive as Python writes it.
    return json.dumps({"products": found})


def read_search(words: object, without: object, limit: object) -> Tuple[List[str], List[str], int]:
    """Return the words, the unwanted words and the limit; raise ValueError if they are invalid.

    Assistants can send values of any type, and null: the host checks only that `words` is there.
    """
    if not isinstance(words, str) or not words.strip():
        raise ValueError("words must be text with at least one word to search for.")
    unwanted = [] if without is None else without
    if not isinstance(unwanted, list) or not all(isinstance(word, str) for word in unwanted):
        raise ValueError("without must be a list of words; leave it out to exclude none.")
    number = 5 if limit is None else limit
    if type(number) is not int or not 1 <= number <= MAX_PRODUCTS:
        raise ValueError(f"limit must be a whole number from 1 to {MAX_PRODUCTS}.")
    return words.lower().split(), " ".join(unwanted).lower().split(), number


def search_products(wanted: List[str], unwanted: List[str]) -> List[Dict[str, object]]:
    """Return the products whose names have all wanted and no unwanted words, sorted by name."""
    return [
        {"name": name, "cents": cents}
        for name, cents in sorted(CENTS.items())
        if all(word in name for word in wanted) and not any(word in name for word in unwanted)
    ]
