"""Return rows from Azure SQL.

The table is in database/sql.sql.
"""

import json
import logging

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)


@bp.route(route="sql-input-example/{id:int}", methods=["GET"])
@bp.sql_input(
    arg_name="products",
    command_text="SELECT Id, Name, Price FROM dbo.SqlInputExample WHERE Id = @Id",
    command_type="Text",
    parameters="@Id={id}",
    connection_string_setting="SqlConnection",
)
def sql_input_example(
    req: func.HttpRequest,
    products: func.SqlRowList,
) -> func.HttpResponse:
    """Return the product named in the route.

    The host runs the query before it calls the function. Pass external input in `parameters`,
    never in the command text; `{id:int}` accepts only numbers.
    """
    number = req.route_params["id"]
    if not products:
        return json_response({"error": f"There is no product {number}."}, status_code=404)
    logger.info("Found product %s", number)
    return json_response(dict(products[0]))


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
