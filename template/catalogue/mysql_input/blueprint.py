"""Return rows from Azure Database for MySQL.

The table is in database/mysql.sql.
"""

import json
import logging
from typing import Any, Dict, List

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.route(route="mysql-input-example/{customer:int}", methods=["GET"])
@bp.mysql_input(
    arg_name="rows",
    command_text=(
        "SELECT id, cents FROM mysql_input_example"
        " WHERE customer = @customer AND status = 'open' ORDER BY id LIMIT 100"
    ),
    command_type="Text",
    parameters="@customer={customer}",
    connection_string_setting="MySqlConnection",
)
def mysql_input_example(
    req: func.HttpRequest,
    rows: func.MySqlRowList,
) -> func.HttpResponse:
    """Return the open orders of the customer in the route, and their total.

    The host runs the query before it calls the function. Pass external input in `parameters`,
    never in the command text. A value with `=` or `,` fails there; `{customer:int}` accepts only
    numbers.
    """
    try:
        orders = read_orders(rows)
    except (KeyError, TypeError, ValueError):
        logger.exception("Orders of customer %s cannot be read", req.route_params["customer"])
        return json_response({"error": "An order is damaged."}, status_code=500)
    return json_response({"orders": orders, "cents": sum(order["cents"] for order in orders)})


def read_orders(rows: func.MySqlRowList) -> List[Dict[str, Any]]:
    """Return the orders in rows; raise KeyError, TypeError or ValueError if one is invalid."""
    return [{"id": int(row["id"]), "cents": int(row["cents"])} for row in rows]


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
