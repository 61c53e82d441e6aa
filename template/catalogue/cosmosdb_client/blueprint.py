"""Manage the devices of sites in Azure Cosmos DB, with the app's shared SDK client."""

import json
import logging
import re
from typing import Any, Dict, Optional
from urllib.parse import urlsplit

import azure.functions as func

from shared import cosmos

bp = func.Blueprint()
logger = logging.getLogger(__name__)

# Each site is a partition, so listing its devices reads only one.
CONTAINER = "cosmosdb-client-example"
PARTITION_KEY = "/site"
EVERY_DEVICE = "SELECT * FROM c WHERE c.site = @site"
OF_A_STATUS = f"{EVERY_DEVICE} AND c.status = @status"
PAGE_SIZE = 50
LARGEST_PAGE = 100

NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
STATUSES = {"active", "broken", "retired"}
EXPLANATIONS = {
    400: "The token is not from a page of this list.",
    404: "There is no such device.",
    409: "A device with this id already exists.",
    412: "The device has changed; get it again.",
    429: "Too many requests; try again later.",
    503: "The devices are unavailable; try again later.",
}


class Invalid(Exception):
    """An invalid request; the message tells the caller why."""


@bp.route(route="cosmosdb-client-example/{site}", methods=["GET"])
async def cosmosdb_client_example(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return the devices of a site, one page at a time, filtered by `?status=` if given.

    If there may be more, the response has a `token`: pass it as `?token=` to get the next page of
    the same list. `?limit=` is the maximum number of devices per page.
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
    """Add the device in the body to a site; `Location` is its URL. 409 if the id exists there."""
    try:
        content = read_json(req)
        device = read_device(req, content, content.get("id"))
        async with cosmos.container(CONTAINER, PARTITION_KEY) as container:
            created = await container.create_item(device)
    except (Invalid, cosmos.Failure) as error:
        return refusal(error)
    logger.info("Added device %s to site %s", device["id"], device["site"])
    location = f"{urlsplit(req.url).path.rstrip('/')}/{device['id']}"
    return device_response(created, 201, {"Location": location})


@bp.route(route="cosmosdb-client-example/{site}/{id}", methods=["GET"])
async def cosmosdb_client_example_get(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return a device, with its version in the ETag header; 404 if it does not exist."""
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
    """Replace a device if its version still matches the header If-Match; otherwise 412.

    This prevents callers from overwriting each other's changes. `If-Match: *` replaces any
    version. A request without the header gets 428.
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
    """Delete a device; 404 if it does not exist."""
    try:
        site, id = read_name(req, "site"), read_name(req, "id")
        async with cosmos.container(CONTAINER, PARTITION_KEY) as container:
            await container.delete_item(id, site)
    except (Invalid, cosmos.Failure) as error:
        return refusal(error)
    logger.info("Deleted device %s of site %s", id, site)
    return func.HttpResponse(status_code=204)


def read_name(req: func.HttpRequest, parameter: str) -> str:
    """Return a route parameter; raise Invalid if it is not a valid name of a site or device."""
    name: str = req.route_params[parameter]
    if not NAME.fullmatch(name):
        raise Invalid(f"The {parameter} must be 1 to 100 letters, digits, hyphens or underscores.")
    return name


def read_limit(req: func.HttpRequest) -> int:
    """Return the maximum number of devices per page; raise Invalid if it is not valid."""
    limit = req.params.get("limit", str(PAGE_SIZE))
    if not re.fullmatch("[0-9]{1,3}", limit) or not 1 <= int(limit) <= LARGEST_PAGE:
        raise Invalid(f"The limit must be a number from 1 to {LARGEST_PAGE}.")
    return int(limit)


def read_json(req: func.HttpRequest) -> Dict[str, Any]:
    """Return the JSON object in the body; raise Invalid if it is not one."""
    try:
        content = req.get_json()
    except (RecursionError, ValueError):
        raise Invalid("The body is not valid JSON.") from None
    if not isinstance(content, dict):
        raise Invalid("The body is not a JSON object.")
    return content


def read_device(req: func.HttpRequest, content: Dict[str, Any], id: object) -> Dict[str, Any]:
    """Return the item for a device; raise Invalid if the request is not valid."""
    model, status = content.get("model"), content.get("status", "active")
    if not isinstance(id, str) or not NAME.fullmatch(id):
        raise Invalid("The id must be 1 to 100 letters, digits, hyphens or underscores.")
    if not isinstance(model, str) or not model.isprintable() or not 1 <= len(model.strip()) <= 100:
        raise Invalid('Send a device such as {"id": "A1", "model": "TH-20", "status": "active"}.')
    if not isinstance(status, str) or status not in STATUSES:
        raise Invalid(f"The status must be one of {', '.join(sorted(STATUSES))}.")
    return {"id": id, "site": read_name(req, "site"), "model": model.strip(), "status": status}


def describe(device: Dict[str, Any]) -> Dict[str, Any]:
    """Return an item for callers, without the properties that Azure Cosmos DB adds."""
    return {key: value for key, value in device.items() if not key.startswith("_")}


def device_response(
    device: Dict[str, Any],
    status_code: int = 200,
    headers: Optional[Dict[str, str]] = None,
) -> func.HttpResponse:
    headers = {"ETag": device["_etag"], **(headers or {})}
    return json_response(describe(device), status_code, headers)


def refusal(error: Exception) -> func.HttpResponse:
    """Return the response to an invalid request, or to one that Azure Cosmos DB refused."""
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
