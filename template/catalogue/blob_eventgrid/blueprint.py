"""Import files as soon as Event Grid reports that they were uploaded to Azure Blob Storage."""

import json
import logging
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Product:
    """A product as a line of the file has it: `{"sku": "T-1", "price": "2.50"}`."""

    sku: str
    price: Decimal


@bp.blob_trigger(
    arg_name="blob",
    path="blob-eventgrid-example/{name}",
    connection="StorageConnection",
    source=func.BlobSource.EVENT_GRID,
)
def blob_eventgrid_example(blob: func.InputStream) -> None:
    """Import the products in an uploaded file of JSON Lines.

    Nothing polls the container: Event Grid reports each upload within seconds, once it has a
    subscription for it. An exception has the file tried again, `poisonBlobThreshold` times
    (host.json) in all.
    """
    logger.info("Importing %s, %s bytes", blob.name, blob.length)
    products = read_products(blob.read().decode("utf-8"))
    if not products:
        raise ValueError(f"{blob.name} holds no product")
    process(products)


def read_products(text: str) -> List[Product]:
    """Return the products in JSON Lines; lines that hold none are logged and left out."""
    products = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            products.append(read_product(line))
        except ValueError as error:
            logger.warning("Set aside line %s: %s", number, error)
    return products


def read_product(line: str) -> Product:
    """Return the product in a line; raise ValueError if there is no valid one."""
    try:
        content = json.loads(line)
        product = Product(sku=content["sku"], price=Decimal(str(content["price"])))
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise ValueError(f"{line!r} is no product") from error
    if not isinstance(product.sku, str) or not product.sku:
        raise ValueError(f"{line!r} has no product's number")
    if not product.price.is_finite() or product.price < 0:
        raise ValueError(f"{product.sku} has an impossible price")
    return product


def process(products: List[Product]) -> None:
    """Do what your app does with the products. A file may come twice: make a second time harmless."""
    for product in products:
        logger.info("%s costs %s", product.sku, product.price)
