"""Read CSV files uploaded to Azure Blob Storage."""

import csv
import io
import logging
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.blob_trigger(
    arg_name="blob",
    path="blob-example/{name}",
    connection="StorageConnection",
)
def blob_example(blob: func.InputStream) -> None:
    """Total the sales in one file.

    If the function raises an exception, the host retries. After `poisonBlobThreshold` attempts
    (host.json), it adds the blob's name to the queue `webjobs-blobtrigger-poison`.
    """
    logger.info("Reading %s, %s bytes", blob.name, blob.length)
    process(str(blob.name), add_up(blob.read()))


def add_up(content: bytes) -> Dict[str, Decimal]:
    """Return the amount sold per product, from a CSV file with the columns product and amount.

    Raises ValueError if the file is not such a CSV file, with the line number, or is not in UTF-8.
    """
    amounts: Dict[str, Decimal] = defaultdict(Decimal)
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    try:
        for row in rows:
            try:
                product, amount = row["product"], Decimal(row["amount"])
            except (KeyError, TypeError, InvalidOperation):
                raise ValueError(f"Line {rows.line_num} is not a sale") from None
            if not amount.is_finite():
                raise ValueError(f"Line {rows.line_num} has an invalid amount")
            amounts[product] += amount
    except csv.Error as error:
        raise ValueError(f"Line {rows.reader.line_num} is not CSV: {error}") from None
    return dict(amounts)


def process(name: str, amounts: Dict[str, Decimal]) -> None:
    """Do what your app does with a file. It may come twice, so make a second time harmless."""
    for product, amount in amounts.items():
        logger.info("%s: %s of %s", name, amount, product)
