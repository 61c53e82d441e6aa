"""Let in callers who are signed in with Microsoft Entra ID, and who may do what they ask for."""

import json
import logging

import azure.functions as func

from shared import entra, problems

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# As in the app registration: what an app may do for a user, and what a user or an app may do.
SCOPE = "Orders.Read"
READER = "Orders.Read.All"
APPROVER = "Orders.Approve"


# Callers send a token instead of a key, so the host itself asks for no key.
@bp.route(
    route="http-jwt-example",
    methods=["GET"],
    auth_level=func.AuthLevel.ANONYMOUS,
)
@problems.answered
async def http_jwt_example(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return who calls: 401 without a valid token, 403 if it does not allow reading orders."""
    caller = await entra.read_caller(req)
    caller.require(SCOPE, READER)
    return json_response({"caller": caller.id, "roles": sorted(caller.roles)})


@bp.route(
    route="http-jwt-example/{order}/approval",
    methods=["PUT"],
    auth_level=func.AuthLevel.ANONYMOUS,
)
@problems.answered
async def http_jwt_example_approve(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Approve an order, which needs a role that only some users and apps have."""
    caller = await entra.read_caller(req)
    caller.require("", APPROVER)
    order = req.route_params["order"]
    if not order.isalnum() or len(order) > 100:
        raise problems.Problem(404, "There is no such order.")
    logger.info("%s approved order %s", caller.id, order)
    return json_response({"order": order, "approved_by": caller.id})


def json_response(content: object) -> func.HttpResponse:
    return func.HttpResponse(json.dumps(content), mimetype="application/json")
