"""Follow the changes in a table of Azure Database for MySQL.

CREATE TABLE mysql_example (
    id int PRIMARY KEY,
    email varchar(200),
    az_func_updated_at timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
);
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
    """A customer as a row of the table has it."""

    id: int
    email: str


@bp.mysql_trigger(
    arg_name="changes",
    table_name="mysql_example",
    connection_string_setting="MySqlConnection",
)
def mysql_example(changes: str) -> None:
    """Process the customers in a batch of rows that are new or have changed.

    The host polls for rows by their `az_func_updated_at`, so that deletions do not show. After an
    exception the rows come again a minute later, five times at most; then changes of these rows
    are ignored.
    """
    customers = read_customers(changes)
    logger.info("%s customers are new or have changed", len(customers))
    process(customers)


def read_customers(text: str) -> List[Customer]:
    """Return the customers in a batch; rows without an address are logged and left out."""
    customers = []
    for change in json.loads(text):
        row = change["Item"]
        if row["email"]:
            customers.append(Customer(id=int(row["id"]), email=str(row["email"])))
        else:
            logger.warning("Customer %s has no address", row["id"])
    return customers


def process(customers: List[Customer]) -> None:
    """Do what your app does with them. They may come twice, so make a second time harmless."""
    for customer in customers:
        logger.info("Welcome customer %s", customer.id)
