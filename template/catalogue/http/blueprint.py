"""Greet callers over HTTP."""

import json
import logging

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

LONGEST_NAME = 100


@bp.route(route="http-example", methods=["GET", "POST"])
def http_example(req: func.HttpRequest) -> func.HttpResponse:
    """Greet the person named by `?name=` or by a JSON body such as `{"name": "Ada"}`.

    Returns 200 with a `message`, or 400 with an `error` that says what is wrong with the request.
    """
    try:
        name = read_name(req)
    except ValueError as error:
        logger.info("Refused a request: %s", error)
        return json_response({"error": str(error)}, status_code=400)
    return json_response({"message": f"Hello, {name}!"})


def read_name(req: func.HttpRequest) -> str:
    """Return the name in the request; raise ValueError if it is missing or invalid."""
    name = req.params.get("name")
    if name is None and req.get_body():
        try:
            body = req.get_json()
        except ValueError:
            raise ValueError("The body is not valid JSON.") from None
        except RecursionError:
            raise ValueError("The body is nested too deeply.") from None
        name = body.get("name") if isinstance(body, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise ValueError('Pass a name: "?name=Ada", or {"name": "Ada"} as the body.')
    if len(name) > LONGEST_NAME:
        raise ValueError(f"The name is longer than {LONGEST_NAME} characters.")
    return name.strip()


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
