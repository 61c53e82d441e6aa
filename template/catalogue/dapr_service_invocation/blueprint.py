"""Handle calls from other services through Dapr."""

import json
import logging
import re
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

NAME = re.compile(r"[\w.-]{1,100}")
HEAVIEST_PARCEL = 30.0


@bp.dapr_service_invocation_trigger(
    arg_name="payload",
    method_name="dapr-service-invocation-example",
)
@bp.dapr_state_output(
    arg_name="state",
    state_store="%DAPR_STATE_STORE%",
    # Required, but the key that the function sets replaces it.
    key="parcel",
)
def dapr_service_invocation_example(
    payload: str,
    state: func.Out[str],
) -> bytes:
    """Store the parcel that another service sends, and answer with what is stored, or an error.

    The answer always has status 200, so callers look for `error` in it. An exception is status 500,
    without its text, and Dapr may repeat the call, so keep this function idempotent. The answer is
    bytes, because the host would encode a string as JSON once more.
    """
    try:
        parcel = read_parcel(payload)
    except ValueError as error:
        logger.warning("Refused a parcel: %s", error)
        return answer({"error": str(error)})
    # `key` and `value` are the host's names.
    state.set(json.dumps({"key": parcel["parcel"], "value": parcel}))
    logger.info("Parcel %s weighs %s kg", parcel["parcel"], parcel["weight"])
    return answer(parcel)


def read_parcel(payload: str) -> Dict[str, Any]:
    """Return the parcel in a call's body; raise ValueError if it is invalid."""
    try:
        content = json.loads(payload)
        parcel, weight = content["parcel"], float(content["weight"])
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a parcel such as {"parcel": "P-1", "weight": 2.5}.') from None
    if not isinstance(parcel, str) or not NAME.fullmatch(parcel):
        raise ValueError("A parcel needs a name of 1 to 100 letters, digits, and . _ -.")
    if isinstance(content["weight"], bool) or not 0 < weight <= HEAVIEST_PARCEL:
        raise ValueError(f"A parcel must weigh more than 0 and up to {HEAVIEST_PARCEL:g} kg.")
    return {"parcel": parcel, "weight": weight}


def answer(content: Dict[str, Any]) -> bytes:
    """Return JSON as the body of the answer."""
    return json.dumps(content).encode()
