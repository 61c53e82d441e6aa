"""Let other services call a method through Dapr."""

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
    """Keep the parcel that another service hands in; the state store has the last one.

    The state store gets what stands under `value`; without it the host refuses the output.
    An exception is an error of the call, which Dapr may make again: make a second time harmless.
    """
    parcel = read_parcel(payload)
    state.set(json.dumps({"value": parcel}))
    logger.info("Parcel %s weighs %s kg", parcel["parcel"], parcel["weight"])


def read_parcel(payload: str) -> Dict[str, Any]:
    """Return the parcel in a call's body; raise ValueError if there is no valid one."""
    try:
        content = json.loads(payload)
        parcel, weight = content["parcel"], float(content["weight"])
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"{payload!r} is no parcel") from error
    if not isinstance(parcel, str) or not parcel:
        raise ValueError(f"{payload!r} is no parcel")
    if not 0 < weight <= HEAVIEST_PARCEL:
        raise ValueError(f"Parcel {parcel} must weigh up to {HEAVIEST_PARCEL:g} kg")
    return {"parcel": parcel, "weight": weight}
