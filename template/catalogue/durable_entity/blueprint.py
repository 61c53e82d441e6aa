"""Keep account balances in durable entities."""

import json
import logging
import re

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()
logger = logging.getLogger(__name__)

# The key becomes part of a URL, so other characters are not allowed.
KEY = re.compile(r"[A-Za-z0-9_-]{1,50}")
KEY_RULE = "The key must be 1 to 50 letters, digits, hyphens or underscores."


@bp.route(route="durable-entity-example/{key}", methods=["GET", "POST", "DELETE"])
@bp.durable_client_input(client_name="client")
async def durable_entity_example(
    req: func.HttpRequest,
    client: df.DurableOrchestrationClient,
) -> func.HttpResponse:
    """Return the balance of the account in the route, pay into it, or close it.

    202 means that the operation is accepted, not processed: an entity processes its signals one by
    one. The balance includes only processed payments; before the first one, there is no account.
    A payment that a caller sends again counts again: if callers retry, have them send an id.
    """
    key = req.route_params["key"]
    if not KEY.fullmatch(key):
        return json_response({"error": KEY_RULE}, status_code=400)
    entity = df.EntityId(
        "durable_entity_example_entity",
        key,
    )
    if req.method == "GET":
        state = await client.read_entity_state(entity)
        if not state.entity_exists:
            return json_response({"error": "There is no such account."}, status_code=404)
        return json_response({"cents": state.entity_state})
    if req.method == "DELETE":
        await client.signal_entity(entity, "close")
        return json_response({"accepted": "close"}, status_code=202)
    try:
        cents = read_cents(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    await client.signal_entity(entity, "pay", cents)
    logger.info("%s cents for %s", cents, key)
    return json_response({"accepted": cents}, status_code=202)


@bp.entity_trigger(context_name="context")
def durable_entity_example_entity(
    context: df.DurableEntityContext,
) -> None:
    """Run one operation on an account: `pay` an amount in cents, or `close` it.

    An exception does not undo `set_state`, so validate everything first.
    """
    balance: int = context.get_state(lambda: 0)
    if context.operation_name == "pay":
        balance += context.get_input()
        context.set_state(balance)
        context.set_result(balance)
    elif context.operation_name == "close":
        # In this order: set_result would create the entity again.
        context.set_result(balance)
        context.destruct_on_exit()
    else:
        raise ValueError(f"There is no operation {context.operation_name}")


def read_cents(req: func.HttpRequest) -> int:
    """Return the payment in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        cents = content["cents"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a payment such as {"cents": 500}.') from None
    if type(cents) is not int or not 1 <= cents <= 1_000_000:
        raise ValueError("Pay 1 to 1000000 cents.")
    return int(cents)


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
