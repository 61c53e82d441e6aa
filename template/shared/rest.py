"""What an HTTP API reads and answers: JSON, checked with pydantic, ETags and merge patches."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

import azure.functions as func
from pydantic import BaseModel, ValidationError

from shared.problems import Problem

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
TOO_DEEP = "The body is nested too deeply."
ENTITY_TAG = re.compile(r'(W/)?("[^"]*")')


def read_json(req: func.HttpRequest, *media_types: str) -> Any:
    """Return the content of a body that has one of the media types, application/json if not given.

    Raises 415 for another type, and 400 for a body that is not JSON.
    """
    accepted = media_types or (JSON,)
    given = req.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if given not in accepted:
        names = ", ".join(accepted)
        header = "Accept-Patch" if req.method == "PATCH" else "Accept-Post"
        raise Problem(415, f"Send the body as {names}.", {header: names})
    try:
        return json.loads(req.get_body(), parse_constant=_refuse_constant)
    except (RecursionError, ValueError):
        raise Problem(400, "The body is not valid JSON.") from None


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads but JSON does not have."""
    raise ValueError(name)


def validate(model: type[BaseModel], content: object) -> Any:
    """Return the model of what a body contains; 422 with all errors if it is not valid."""
    try:
        return model.model_validate_json(json.dumps(content))
    except RecursionError:
        raise Problem(400, TOO_DEEP) from None
    except ValidationError as error:
        # Not the input itself, which could be long or secret.
        errors = [
            {
                "pointer": "#" + "".join(f"/{_escape(str(key))}" for key in each["loc"]),
                "detail": each["msg"],
            }
            for each in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise Problem(422, "The content is not valid.", errors=errors) from None


def _escape(key: str) -> str:
    """Return a key as in a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def merge_patch(target: Any, patch: Any) -> Any:
    """Return what a JSON merge patch (RFC 7396) makes of a target: null removes a member.

    Raises 400 if the patch is nested too deeply for Python's recursion limit.
    """
    try:
        return _merge(target, patch)
    except RecursionError:
        raise Problem(400, TOO_DEEP) from None


def _merge(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge(merged.get(key), value)
    return merged


def read_number(req: func.HttpRequest, name: str, default: int, largest: int) -> int:
    """Return a number in the query, from 1 to the largest; 400 if it is not one."""
    text = req.params.get(name, str(default))
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= largest:
        raise Problem(400, f"{name} must be a number from 1 to {largest}.")
    return int(text)


def respond(
    content: BaseModel,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> func.HttpResponse:
    return func.HttpResponse(
        content.model_dump_json(), status_code=status, headers=dict(headers or {}), mimetype=JSON
    )


def etag(content: BaseModel) -> str:
    """Return the version of a resource: a hash of its content."""
    return f'"{hashlib.sha256(content.model_dump_json().encode()).hexdigest()[:32]}"'


def is_known(req: func.HttpRequest, tag: str) -> bool:
    """Whether the caller has this version already, as If-None-Match says."""
    header = req.headers.get("If-None-Match", "")
    return header.strip() == "*" or tag in [strong for _, strong in ENTITY_TAG.findall(header)]


def require_match(req: func.HttpRequest, tag: str) -> None:
    """Raise 412 unless If-Match has the version of a resource, so that no change is overwritten."""
    header = req.headers.get("If-Match", "")
    strong = [tag for weak, tag in ENTITY_TAG.findall(header) if not weak]
    if header.strip() != "*" and tag not in strong:
        raise Problem(412, "The resource has changed; get it again.", {"ETag": tag})


def require_if_match(req: func.HttpRequest) -> None:
    """Raise 428 unless the request has If-Match."""
    if not req.headers.get("If-Match"):
        raise Problem(428, "Send the ETag of the resource as If-Match.")
