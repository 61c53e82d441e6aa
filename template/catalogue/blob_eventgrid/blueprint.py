"""Import files when Event Grid reports their upload to Azure Blob Storage."""

import json
import logging
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

MAX_WARNINGS = 20


@dataclass(frozen=True)
class Product:
    """A product, as on a line of the file: `{"sku": "T-1", "price": "2.50"}`."""

    sku: str
    price: Decimal


@bp.blob_trigger(
    arg_name="blob",
    path="blob-eventgrid-example/{name}",
    connection="StorageConnection",
    source=func.BlobSource.EVENT_GRID,
)
def blob_eventgrid_example(blob: func.InputStream) -> None:
    """Import the products in an uploaded JSON Lines file.

    Nothing polls the container: once there is an Event Grid subscription, it reports each upload
    within seconds. If the function raises an exception, the host retries, with up to
    `poisonBlobThreshold` attempts (host.json) in all. Then it adds the name of the file to the
    queue `webjobs-blobtrigger-poison`. The whole file is in memory: for large files, use the kind
    `blob_sdk_stream_eventgrid`.
    """
    logger.info("Importing %s, %s bytes", blob.name, blob.length)
    # Bytes that are not UTF-8 stay in the text, so that only their lines are skipped.
    products = read_products(blob.read().decode("utf-8", errors="surrogateescape"))
    if not products:
        raise ValueError(f"{blob.name} contains no products")
    process(products)


def read_products(text: str) -> List[Product]:
    """Return the products in JSON Lines; log the first invalid lines, and skip all of them."""
    products, skipped = [], 0
    # Only \n ends a line. Unlike `splitlines`, this leaves other separators in the JSON alone.
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        try:
            products.append(read_product(line))
        except ValueError as error:
            skipped += 1
            if skipped <= MAX_WARNINGS:
                logger.warning("Skipped line %s: %s", number, error)
    if skipped > MAX_WARNINGS:
        logger.warning("Skipped %s lines in all", skipped)
    return products


def read_product(line: str) -> Product:
    """Return the product on a line; raise ValueError if it is invalid."""
    try:
        content = json.loads(line.encode())
        product = Product(sku=content["sku"], price=Decimal(str(content["price"])))
        # JSON can hold an unpaired surrogate, which cannot be logged: the whole file would fail.
        str(product.sku).encode()
    except (KeyError, TypeError, ValueError, InvalidOperation, RecursionError):
        raise ValueError("it is not a product as JSON, with a sku and a price") from None
    if not isinstance(product.sku, str) or not product.sku:
        raise ValueError("the product has no sku")
    if not product.price.is_finite() or product.price < 0:
        raise ValueError("the price is negative or not finite")
    return product


def process(products: List[Product]) -> None:
    """Replace with your own processing. Keep it idempotent: a file can arrive more than once."""
    for product in products:
        logger.info("%s costs %s", product.sku, product.price)
