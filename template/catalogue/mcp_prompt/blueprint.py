"""A prompt that people choose in an AI assistant, through the Model Context Protocol (MCP)."""

import logging
import re
from typing import Any, Dict, Tuple

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Replace with your own source of products.
PRODUCTS = {
    "black tea": "Assam, 100 g, strong",
    "green tea": "Sencha, 80 g, mild",
    "milk": "organic, 1 l, 3.8% fat",
}
TONES = {
    "friendly": "Write as if to a regular guest.",
    "formal": "Write as for a printed price list.",
}
MAX_WORDS = 200


# Assistants show the title and the descriptions, and ask the person for the arguments.
@bp.mcp_prompt_trigger(
    arg_name="context",
    prompt_name="mcp_prompt_example",
    title="Describe a product",
    description="Writes a text for the website about one of the shop's products",
    prompt_arguments=[
        func.PromptArgument(
            name="product",
            description="Name of the product, such as: green tea",
            required=True,
        ),
        func.PromptArgument(
            name="tone",
            description="friendly or formal; friendly if not given",
        ),
        func.PromptArgument(
            name="words",
            description="Maximum number of words, from 1 to 200; 50 if not given",
        ),
    ],
)
def mcp_prompt_example(context: func.PromptInvocationContext) -> str:
    """Return what the assistant's model gets as a message from the person.

    An exception would reach the person as an error without its text.
    """
    try:
        product, tone, words = read_arguments(context.arguments or {})
    except ValueError as error:
        return f"Tell me only this: the prompt does not work, because {error}"
    logger.info("The prompt for %s was read", product)
    return (
        f"Describe this product of our shop in at most {words} words: {product} "
        f"({PRODUCTS[product]}). {TONES[tone]} Add no facts that are not given here."
    )


def read_arguments(arguments: Dict[str, Any]) -> Tuple[str, str, int]:
    """Return the product, the tone and the number of words; raise ValueError if one is invalid.

    Assistants send text. The host checks only that `product` is there.
    """
    product = str(arguments.get("product")).strip().lower()
    if product not in PRODUCTS:
        raise ValueError(f"product must be one of: {', '.join(sorted(PRODUCTS))}.")
    tone = str(arguments.get("tone") or "friendly").strip().lower()
    if tone not in TONES:
        raise ValueError(f"tone must be one of: {', '.join(sorted(TONES))}.")
    words = str(arguments.get("words") or "50").strip()
    if not re.fullmatch("[0-9]{1,3}", words) or not 1 <= int(words) <= MAX_WORDS:
        raise ValueError(f"words must be a whole number from 1 to {MAX_WORDS}.")
    return product, tone, int(words)
