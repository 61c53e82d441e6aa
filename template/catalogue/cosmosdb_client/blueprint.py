"""Keep the devices of sites in Azure Cosmos DB, with a client of the SDK that the app shares."""

import json
import logging
import re
from typing import Any, Dict, Optional

import azure.functions as func

from shared import cosmos

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Its partitions are the sites, so that a list reads only one of them.
CONTAINER = "cosmosdb-client-example"
PARTITION_KEY = "/site"
EVERY_DEVICE = "SELECT * FROM c WHERE c.site = @site"
OF_A_STATUS = f"{EVERY_DEVICE} AND c.status = @status"
PAGE_SIZE = 50
LARGEST_PAGE = 100

NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
STATUSES = {"active", "broken", "retired"}
EXPLANATIONS = {
    400: "The token does not come from a page of this list.",
    404: "There is no such device.",
    409: "There is a device of this id.",
    412: "The device was changed meanwhile; get it again.",
    429: "There are too many requests; try again later.",
    503: "The devices cannot be reached; try again later.",
}


class Invalid(Exception):
    """A request that cannot be served; the message tells the caller why."""


@bp.route(route="cosmosdb-client-example/{site}", methods=["GET"])
async def cosmosdb_client_example(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return the devices of a site, of one status with `?status=broken`, a page at a time.

    Where there may be more, the answer has a `token`: `?token=` gets the next page of the same
    list. `?limit=` says how many devices a page has at most.
    """
    try:
        site, limit = read_name(req, "site"), read_limit(req)
        query, parameters = EVERY_DEVICE, {"@site": site}
        if status := req.params.get("status"):
            query, parameters = OF_A_STATUS, {"@site": site, "@status": status}
        async with cosmos.container(CONTAINER, PARTITION_KEY) as container:
            page = await cosmos.read_page(
                container, query, parameters, site, limit, req.params.get("token")
            )
    except (Invalid, cosmos.Failure) as error:
        return refusal(error)
    more = "there may be more" if page.token else "no more"
    logger.info("Found %s devices of site %s, %s", len(page.items), site, more)
    devices = [describe(device) for device in page.items]
    return json_response({"devices": devices, "token": page.token})


@bp.route(route="cosmosdb-client-example/{site}", methods=["POST"])
async def cosmosdb_client_example_create(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Add the device in the body to a site; 409 if the site has one of its id."""
    try:
        content = read_json(req)
        device = read_device(req, content, content.get("id"))
        async with cosmos.container(CONTAINER, PARTITION_KEY) as container:
            created = await container.create_item(device)
    except (Invalid, cosmos.Failure) as error:
        return refusal(error)
    logger.info("Added device %s to site %s", device["id"], device["site"])
    return device_response(created, status_code=201)


@bp.route(route="cosmosdb-client-example/{site}/{id}", methods=["GET"])
async def cosmosdb_client_example_get(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return a device and, as the header ETag, the version that it has; 404 if there is none."""
    try:
        site, id = read_name(req, "site"), read_name(req, "id")
        async with cosmos.container(CONTAINER, PARTITION_KEY) as container:
            device = await container.read_item(id, site)
    except (Invalid, cosmos.Failure) as error:
        return refusal(error)
    return device_response(device)


@bp.route(route="cosmosdb-client-example/{site}/{id}", methods=["PUT"])
async def cosmosdb_client_example_replace(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Replace a device that is still the version that the header If-Match names; else 412.

    So nobody overwrites what somebody else has changed meanwhile. `If-Match: *` replaces any
    version, and without the header the answer is 428.
    """
    try:
        device = read_device(req, read_json(req), read_name(req, "id"))
        etag = req.headers.get("If-Match")
        if not etag:
            return json_response({"error": "Send the ETag of the device as If-Match."}, 428)
        async with cosmos.container(CONTAINER, PARTITION_KEY) as container:
            replaced = await cosmos.replace(container, device, etag)
    except (Invalid, cosmos.Failure) as error:
        return refusal(error)
    logger.info("Replaced device %s of site %s", device["id"], device["site"])
    return device_response(replaced)


@bp.route(route="cosmosdb-client-example/{site}/{id}", methods=["DELETE"])
async def cosmosdb_client_example_delete(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Delete a device; 404 if there is none."""
    try:
        site, id = read_name(req, "site"), read_name(req, "id")
        async with cosmos.container(CONTAINER, PARTITION_KEY) as container:
            await container.delete_item(id, site)
    except (Invalid, cosmos.Failure) as error:
        return refusal(error)
    logger.info("Deleted device %s of site %s", id, site)
    return func.HttpResponse(status_code=204)


def read_name(req: func.HttpRequest, parameter: str) -> str:
    """Return a parameter of the route; raise Invalid if it can be no name of a site or device."""
    name: str = req.route_params[parameter]
    if not NAME.fullmatch(name):
        raise Invalid(f"The {parameter} has 1 to 100 letters, digits, hyphens and underscores.")
    return name


def read_limit(req: func.HttpRequest) -> int:
    """Return how many devices a page may have; raise Invalid if the request does not say it well."""
    limit = req.params.get("limit", str(PAGE_SIZE))
    if not re.fullmatch("[0-9]{1,3}", limit) or not 1 <= int(limit) <= LARGEST_PAGE:
        raise Invalid(f"The limit is a number from 1 to {LARGEST_PAGE}.")
    return int(limit)


def read_json(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the JSON object in the body; raise Invalid if there is none."""
    try:
        content = req.get_json()
    except ValueError:
        raise Invalid("The body is not valid JSON.") from None
    if not isinstance(content, dict):
        raise Invalid("The body is not a JSON object.")
    return content


def read_device(req: func.HttpRequest, content: Dict[str, Any], id: object) -> Dict[str, Any]:
    """Return the item for a device; raise Invalid if the request does not describe a valid one."""
    model, status = content.get("model"), content.get("status", "active")
    if not isinstance(id, str) or not NAME.fullmatch(id):
        raise Invalid("The id has 1 to 100 letters, digits, hyphens and underscores.")
    if not isinstance(model, str) or not 1 <= len(model.strip()) <= 100:
        raise Invalid('Send a device such as {"id": "A1", "model": "TH-20", "status": "active"}.')
    if not isinstance(status, str) or status not in STATUSES:
        raise Invalid(f"The status is one of {', '.join(sorted(STATUSES))}.")
    return {"id": id, "site": read_name(req, "site"), "model": model.strip(), "status": status}


def describe(device: Dict[str, Any]) -> Dict[str, Any]:
    """Return what callers see of an item, without what Azure Cosmos DB adds to it."""
    return {key: value for key, value in device.items() if not key.startswith("_")}


def device_response(device: Dict[str, Any], status_code: int = 200) -> func.HttpResponse:
    return json_response(describe(device), status_code, {"ETag": device["_etag"]})


def refusal(error: Exception) -> func.HttpResponse:
    """Return the answer to a request that is invalid, or that Azure Cosmos DB does not fulfil."""
    if not isinstance(error, cosmos.Failure):
        return json_response({"error": str(error)}, status_code=400)
    if error.status in {429, 503}:
        logger.warning("%s", error)
    wait = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return json_response({"error": EXPLANATIONS[error.status]}, error.status, wait)


def json_response(
    content: object,
    status_code: int = 200,
    headers: Optional[Dict[str, str]] = None,
) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, headers=headers, mimetype="application/json"
    )
