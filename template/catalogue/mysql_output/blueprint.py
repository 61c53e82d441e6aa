"""Store bookings in Azure Database for MySQL.

The table is in database/mysql.sql.
"""

import json
import logging
from datetime import date
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.route(route="mysql-output-example/{id:int}", methods=["PUT"])
@bp.mysql_output(
    arg_name="row",
    command_text="mysql_output_example",
    connection_string_setting="MySqlConnection",
)
def mysql_output_example(
    req: func.HttpRequest,
    row: func.Out[func.MySqlRow],
) -> func.HttpResponse:
    """Store the booking in the body under the number in the route, replacing any existing one.

    The host writes the row after the function returns. If that fails, the caller gets status 500
    instead of this response.
    """
    try:
        booking = read_booking(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    row.set(func.MySqlRow(booking))
    logger.info("Stored booking %s", booking["id"])
    return json_response(booking)


def read_booking(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the row for a booking; raise ValueError if the body is invalid."""
    try:
        content = req.get_json()
        day = date.fromisoformat(content["day"])
        room = content["room"].strip()
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a booking: {"room": "blue", "day": "2026-05-01"}.') from None
    if not 1 <= len(room) <= 20 or not room.isprintable():
        raise ValueError("The name of the room must have 1 to 20 printable characters.")
    return {"id": int(req.route_params["id"]), "room": room, "day": day.isoformat()}


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
