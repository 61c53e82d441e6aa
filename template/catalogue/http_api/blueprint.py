"""Manage tasks over HTTP, with an OpenAPI document; the tasks are in a table."""

import contextlib
import logging
import re
import uuid
from datetime import date
from typing import AsyncIterator, Dict, List, Optional
from urllib.parse import urlsplit

import azure.functions as func
from pydantic import BaseModel, ConfigDict, Field

from shared import openapi, problems, rest, tables

bp = func.Blueprint()
logger = logging.getLogger(__name__)

TABLE = "HttpApiExample"
PAGE_SIZE = 50
LARGEST_PAGE = 200
ID = re.compile("[0-9a-f]{32}")
METHODS = {"": "GET, POST", "docs": "GET", "openapi.json": "GET"}
EXPLANATIONS = {
    404: "There is no such task.",
    409: "There is a task with this id already.",
    412: "The task has changed; get it again.",
    503: "The tasks are unavailable; try again later.",
}


class NewTask(BaseModel):
    """A task, as callers send it; the service adds the id."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, strict=True)

    title: str = Field(min_length=1, max_length=100)
    done: bool = False
    due: Optional[date] = None


class Task(NewTask):
    """A task, as callers get it."""

    id: str


class TaskPage(BaseModel):
    """Some tasks and, if there are more, the `after` of the next page."""

    tasks: List[Task]
    next: Optional[str]


@bp.route(route="http-api-example", methods=["GET"])
@problems.answered
async def http_api_example(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return at most `?limit=` tasks; pass `next` as `?after=` to get the next page."""
    limit = rest.read_number(req, "limit", PAGE_SIZE, LARGEST_PAGE)
    after = req.params.get("after", "")
    if after and not ID.fullmatch(after):
        raise problems.Problem(400, "after must be the `next` of a page.")
    async with task_table() as table:
        # One more than wanted tells whether there is another page.
        rows = await table.page(limit + 1, after)
    tasks = [read_task(row) for row in rows[:limit]]
    return rest.respond(TaskPage(tasks=tasks, next=tasks[-1].id if len(rows) > limit else None))


@bp.route(route="http-api-example", methods=["POST"])
@problems.answered
async def http_api_example_create(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Add the task in the body; `Location` is its address."""
    new: NewTask = rest.validate(NewTask, rest.read_json(req))
    task = Task(id=uuid.uuid4().hex, **new.model_dump())
    async with task_table() as table:
        await table.insert(task.id, write_task(task))
    logger.info("Added task %s", task.id)
    location = f"{urlsplit(req.url).path.rstrip('/')}/{task.id}"
    return rest.respond(task, 201, {"Location": location, "ETag": rest.etag(task)})


# The host tries routes in the order of the functions' names: `docs` and `document` before `get`.
@bp.route(route="http-api-example/{id}", methods=["GET"])
@problems.answered
async def http_api_example_get(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return a task, with its version in ETag; 304 if it is that of If-None-Match."""
    async with task_table() as table:
        task = read_task(await table.read(read_id(req)))
    headers = {"ETag": rest.etag(task)}
    if rest.is_known(req, headers["ETag"]):
        return func.HttpResponse(status_code=304, headers=headers)
    return rest.respond(task, headers=headers)


@bp.route(route="http-api-example/{id}", methods=["PATCH"])
@problems.answered
async def http_api_example_change(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Change the members of a task that the body names; null removes one.

    Callers must send the version that they know as If-Match, so that nobody overwrites the change
    of another: 428 without it, 412 if it is no longer the version of the task.
    """
    patch = rest.read_json(req, rest.MERGE_PATCH, rest.JSON)
    rest.require_if_match(req)
    async with task_table() as table:
        row = await table.read(read_id(req))
        rest.require_match(req, rest.etag(read_task(row)))
        changed: NewTask = rest.validate(NewTask, rest.merge_patch(row.content, patch))
        task = Task(id=row.key, **changed.model_dump())
        await table.replace(row, write_task(task))
    logger.info("Changed task %s", task.id)
    return rest.respond(task, headers={"ETag": rest.etag(task)})


@bp.route(route="http-api-example/{id}", methods=["DELETE"])
@problems.answered
async def http_api_example_delete(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Delete a task, if it still has the version in If-Match; 428 without that header."""
    rest.require_if_match(req)
    async with task_table() as table:
        row = await table.read(read_id(req))
        rest.require_match(req, rest.etag(read_task(row)))
        await table.delete(row)
    logger.info("Deleted task %s", row.key)
    return func.HttpResponse(status_code=204)


@bp.route(route="http-api-example/docs", methods=["GET"])
async def http_api_example_docs(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return the page of the OpenAPI document. If the app needs a key, open it with ?code=KEY."""
    return openapi.page("Tasks")


@bp.route(route="http-api-example/openapi.json", methods=["GET"])
async def http_api_example_document(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Return the OpenAPI document."""
    # Without the last two parts of the address, what is left is the prefix of all routes.
    server = urlsplit(req.url).path.rstrip("/").rsplit("/", 2)[0] or "/"
    return openapi.respond(
        openapi.document("Tasks", "1.0.0", server, PATHS, [NewTask], [Task, TaskPage])
    )


@bp.route(route="http-api-example/{id?}")
@problems.answered
async def http_api_example_other(
    req: func.HttpRequest,
) -> func.HttpResponse:
    """Refuse all other methods; the name sorts last, so the host tries this function last."""
    id = req.route_params.get("id", "")
    allowed = METHODS.get(id, "GET, PATCH, DELETE")
    raise problems.Problem(405, f"Use one of {allowed}.", {"Allow": allowed})


def read_task(row: tables.Row) -> Task:
    return Task(id=row.key, **NewTask.model_validate(row.content, strict=False).model_dump())


def write_task(task: Task) -> tables.Content:
    return task.model_dump(mode="json", exclude={"id"})


@contextlib.asynccontextmanager
async def task_table() -> AsyncIterator[tables.Table]:
    """Provide the table of the tasks. What it refuses is a problem of the caller's request.

    To keep the tasks elsewhere, provide an object with the same methods.
    """
    try:
        yield await tables.table(TABLE)
    except tables.Failure as failure:
        headers = {"Retry-After": "5"} if failure.status == 503 else {}
        raise problems.Problem(failure.status, EXPLANATIONS[failure.status], headers) from failure


def read_id(req: func.HttpRequest) -> str:
    """Return the id in the route; 404 if no task can have it."""
    id: str = req.route_params["id"]
    if not ID.fullmatch(id):
        raise problems.Problem(404, EXPLANATIONS[404])
    return id


ID_IN_PATH = openapi.parameter("id", "path", {"type": "string"}, "The id of the task.")
IF_MATCH = openapi.parameter(
    "If-Match", "header", {"type": "string"}, "The ETag that you know.", required=True
)
# Describe here what you add above.
PATHS: Dict[str, openapi.Json] = {
    "/http-api-example": {
        "get": openapi.operation(
            "listTasks",
            "List tasks",
            200,
            TaskPage,
            problems=[400, 503],
            parameters=[
                openapi.parameter(
                    "limit",
                    "query",
                    {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
                    "How many tasks to return.",
                ),
                openapi.parameter(
                    "after", "query", {"type": "string"}, "The `next` of the page before."
                ),
            ],
        ),
        "post": openapi.operation(
            "createTask",
            "Add a task",
            201,
            Task,
            problems=[400, 415, 422, 503],
            body=openapi.body(NewTask),
            headers=["ETag", "Location"],
        ),
    },
    "/http-api-example/{id}": {
        "parameters": [ID_IN_PATH],
        "get": openapi.operation(
            "getTask", "Get a task", 200, Task, problems=[404, 503], headers=["ETag"]
        ),
        "patch": openapi.operation(
            "changeTask",
            "Change a task",
            200,
            Task,
            problems=[400, 404, 412, 415, 422, 428, 503],
            parameters=[IF_MATCH],
            body=openapi.patch_body(NewTask),
            headers=["ETag"],
        ),
        "delete": openapi.operation(
            "deleteTask",
            "Delete a task",
            204,
            problems=[404, 412, 428, 503],
            parameters=[IF_MATCH],
        ),
    },
}
