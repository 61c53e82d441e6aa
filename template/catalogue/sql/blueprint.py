"""Process the changes in an Azure SQL table.

The table is in database/sql.sql.
"""

import json
import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import Dict, Set

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

INSERTED = 0
UPDATED = 1
DELETED = 2


@dataclass(frozen=True)
class Changes:
    """The new prices by product id, and the ids of deleted products."""

    prices: Dict[int, Decimal]
    deleted: Set[int]


@bp.sql_trigger(
    arg_name="changes",
    table_name="dbo.SqlExample",
    connection_string_setting="SqlConnection",
)
def sql_example(changes: str) -> None:
    """Update the price list with a batch of changed rows.

    The host polls the table's change tracking, which has one entry per row: its latest state. If
    the function raises an exception, the rows arrive again after a minute, at most five times.
    After that, changes to these rows are ignored.
    """
    found = read_changes(changes)
    logger.info("%s prices, %s products gone", len(found.prices), len(found.deleted))
    process(found)


def read_changes(text: str) -> Changes:
    """Return the changes in a batch; log and skip rows without a price.

    Raises ValueError if an operation is unknown.
    """
    prices, deleted = {}, set()
    for change in json.loads(text, parse_float=Decimal):
        operation, row = change["Operation"], change["Item"]
        if operation == DELETED:
            # For a deleted row, only the primary key has a value.
            deleted.add(int(row["Id"]))
        elif operation in (INSERTED, UPDATED) and row["Price"] is None:
            # An exception would lose the whole batch.
            logger.warning("Product %s has no price", row["Id"])
        elif operation in (INSERTED, UPDATED):
            prices[int(row["Id"])] = Decimal(row["Price"])
        else:
            raise ValueError(f"There is no operation {operation}")
    return Changes(prices=prices, deleted=deleted)


def process(changes: Changes) -> None:
    """Replace with your own processing. Keep it idempotent: changes can arrive more than once."""
    for product, price in changes.prices.items():
        logger.info("Product %s costs %s", product, price)
    for product in sorted(changes.deleted):
        logger.info("Product %s is gone", product)
