"""Handle calls from other services through Dapr."""

import json
import logging
from typing import Any, Dict

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

HEAVIEST_PARCEL = 30.0


@bp.dapr_service_invocation_trigger(
    arg_name="payload",
    method_name="dapr-service-invocation-example",
)
@bp.dapr_state_output(
    arg_name="state",
    state_store="%DAPR_STATE_STORE%",
    key="parcel",
)
def dapr_service_invocation_example(
    payload: str,
    state: func.Out[str],
) -> None:
    """Store the parcel that another service sends; the state store keeps the last one.

    The state store gets the content of `value`; the host refuses an output without it.
    An exception fails the call, and Dapr may retry it, so keep this function idempotent.
    """
    parcel = read_parcel(payload)
    state.set(json.dumps({"value": parcel}))
    logger.info("Parcel %s weighs %s kg", parcel["parcel"], parcel["weight"])


def read_parcel(payload: str) -> Dict[str, Any]:
    """Return the parcel in a call's body; raise ValueError if it is invalid."""
    try:
        content = json.loads(payload)
        parcel, weight = content["parcel"], float(content["weight"])
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"{payload!r} is not a parcel") from error
    if not isinstance(parcel, str) or not parcel:
        raise ValueError(f"{payload!r} is not a parcel")
    if not 0 < weight <= HEAVIEST_PARCEL:
        raise ValueError(f"Parcel {parcel} must weigh up to {HEAVIEST_PARCEL:g} kg")
    return {"parcel": parcel, "weight": weight}
