"""Process the changes in an Azure Database for MySQL table.

The table is in database/mysql.sql.
"""

import json
import logging
from dataclasses import dataclass
from typing import List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Customer:
    """A customer, as in a row of the table."""

    id: int
    email: str


@bp.mysql_trigger(
    arg_name="changes",
    table_name="mysql_example",
    connection_string_setting="MySqlConnection",
)
def mysql_example(changes: str) -> None:
    """Process the customers in a batch of new or changed rows.

    The host polls for rows by `az_func_updated_at`, so it does not see deletions. If the function
    raises an exception, the rows arrive again after a minute, at most five times. After that,
    changes to these rows are ignored.
    """
    customers = read_customers(changes)
    logger.info("%s customers are new or have changed", len(customers))
    process(customers)


def read_customers(text: str) -> List[Customer]:
    """Return the customers in a batch; log and skip rows without an address."""
    customers = []
    for change in json.loads(text):
        row = change["Item"]
        if row["email"]:
            customers.append(Customer(id=int(row["id"]), email=str(row["email"])))
        else:
            logger.warning("Customer %s has no address", row["id"])
    return customers


def process(customers: List[Customer]) -> None:
    """Replace with your own processing. Keep it idempotent: rows can arrive more than once."""
    for customer in customers:
        logger.info("Welcome customer %s", customer.id)
