"""OpenAPI 3.1 documents, made from pydantic models, and a page that shows them."""

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import azure.functions as func
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

Json = dict[str, Any]
Model = type[BaseModel]

REF = "#/components/schemas/{model}"
PROBLEM: Json = {
    "type": "object",
    "description": "What is wrong with a request (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
# Callers need a key, unless the app lets everybody call it.
SECURITY: Json = {
    "key": {"type": "apiKey", "in": "header", "name": "x-functions-key"},
}

# The page loads Swagger UI from there. Other files than these are refused by the browser. To
# change the version, also change the hashes: openssl dgst -sha384 -binary FILE | base64
SWAGGER_UI = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5.35.0/"
# pragma: allowlist nextline secret
SCRIPT_HASH = "sha384-gjRm0bEPMeTmMh5jT2cHccIwCUZSTd8YC+j0d0sXw0MdGEfScduGpSyF3ZSSLkX9"
# pragma: allowlist nextline secret
STYLE_HASH = "sha384-WlYgdmXYOOBWL5apwjDEZwN+U3HmXSSu5R6V5aGxEcf7z+KuRNwBhoxKVN1i3D5I"
# The host refuses requests without the key, so pass on that of the page to the app, and to nobody
# else.
SCRIPT = """
const key = new URLSearchParams(location.search).get("code");
SwaggerUIBundle({
  dom_id: "#page",
  url: location.pathname.replace(/\\/docs\\/?$/, "/openapi.json"),
  validatorUrl: null,
  requestInterceptor: (request) => {
    const ours = new URL(request.url, location.href).origin === location.origin;
    if (key && ours && !("x-functions-key" in request.headers)) {
      request.headers["x-functions-key"] = key;
    }
    return request;
  },
});
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{base}swagger-ui.css" integrity="{style}" crossorigin="anonymous">
</head>
<body>
<div id="page"></div>
<script src="{base}swagger-ui-bundle.js" integrity="{hash}" crossorigin="anonymous"></script>
<script>{script}</script>
</body>
</html>
"""


def document(
    title: str,
    version: str,
    server: str,
    paths: Mapping[str, Json],
    bodies: Iterable[Model] = (),
    answers: Iterable[Model] = (),
) -> Json:
    """Return the document of an API: its paths, and the models of its bodies and answers."""
    models = [(model, "validation") for model in bodies]
    models += [(model, "serialization") for model in answers]
    refs, definitions = models_json_schema(models, ref_template=REF)  # type: ignore[arg-type]
    schemas = definitions.get("$defs", {})
    # pydantic gives a model two schemas if it reads more than it writes, such as a number or text
    # for a Decimal: Name-Input and Name-Output. Its own name then stands for the first one.
    for (model, _), ref in refs.items():
        schemas.setdefault(model.__name__, ref)
    patches = {
        f"{model.__name__}Patch": _patch(schemas[refs[model, "validation"]["$ref"].split("/")[-1]])
        for model in bodies
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": server}],
        "security": [{"key": []}, {}],
        "paths": dict(paths),
        "components": {
            "schemas": {**schemas, **patches, "Problem": PROBLEM},
            "securitySchemes": SECURITY,
        },
    }


def operation(
    id: str,
    summary: str,
    status: int,
    answer: Model | None = None,
    problems: Sequence[int] = (),
    parameters: Sequence[Json] = (),
    body: Json | None = None,
    headers: Sequence[str] = (),
) -> Json:
    """Return what an operation takes, what it answers, and the problems that it reports."""
    good: Json = {"description": HTTPStatus(status).phrase}
    if answer:
        good["content"] = {"application/json": {"schema": reference(answer.__name__)}}
    if headers:
        good["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    bad = {
        str(problem): {
            "description": HTTPStatus(problem).phrase,
            "content": {"application/problem+json": {"schema": reference("Problem")}},
        }
        for problem in problems
    }
    found: Json = {"operationId": id, "summary": summary, "responses": {str(status): good, **bad}}
    if parameters:
        found["parameters"] = list(parameters)
    if body:
        found["requestBody"] = body
    return found


def body(model: Model) -> Json:
    """Return a body that is a model, in JSON."""
    return {
        "required": True,
        "content": {"application/json": {"schema": reference(model.__name__)}},
    }


def patch_body(model: Model) -> Json:
    """Return a body that changes some members of a model, as a merge patch."""
    content = {"schema": reference(f"{model.__name__}Patch")}
    media_types = ("application/merge-patch+json", "application/json")
    return {"required": True, "content": dict.fromkeys(media_types, content)}


def reference(name: str) -> Json:
    return {"$ref": REF.format(model=name)}


def parameter(
    name: str, place: str, schema: Json, description: str, required: bool = False
) -> Json:
    return {
        "name": name,
        "in": place,
        "required": required or place == "path",
        "schema": schema,
        "description": description,
    }


def _patch(schema: Json) -> Json:
    """Return the schema of a merge patch: all members are optional, and null removes one."""
    properties = {
        name: {"anyOf": [{key: each[key] for key in each if key != "default"}, {"type": "null"}]}
        for name, each in schema["properties"].items()
    }
    kept = {key: value for key, value in schema.items() if key not in {"required", "title"}}
    return {**kept, "properties": properties}


def respond(content: Json) -> func.HttpResponse:
    """Return the response that has the document."""
    return func.HttpResponse(json.dumps(content), mimetype="application/json")


def page(title: str) -> func.HttpResponse:
    """Return the page of the document, for a route that ends in `/docs` next to `/openapi.json`."""
    content = PAGE.format(
        title=html.escape(title),
        base=SWAGGER_UI,
        style=STYLE_HASH,
        hash=SCRIPT_HASH,
        script=SCRIPT,
    )
    script_hash = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = [
        "default-src 'none'",
        f"script-src {SWAGGER_UI} 'sha256-{script_hash}'",
        f"style-src {SWAGGER_UI} 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        # The address has the key.
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return func.HttpResponse(content, headers=headers, mimetype="text/html")
