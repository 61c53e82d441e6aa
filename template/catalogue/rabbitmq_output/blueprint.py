"""Send tasks to a RabbitMQ queue."""

import json
import logging
from dataclasses import asdict, dataclass

import azure.functions as func

bp = func.Blueprint()
logger = logging.getLogger(__name__)

LONGEST_TASK = 100
MOST_COPIES = 1000


@dataclass(frozen=True)
class Task:
    """A task, as in the body and the message: `{"task": "print", "copies": 2}`."""

    task: str
    copies: int


@bp.route(route="rabbitmq-output-example", methods=["POST"])
@bp.generic_output_binding(
    arg_name="message",
    type="rabbitMQ",
    queueName="rabbitmq-output-example",
    connectionStringSetting="RabbitMQConnection",
)
def rabbitmq_output_example(
    req: func.HttpRequest,
    message: func.Out[str],
) -> func.HttpResponse:
    """Accept a task: 202 means that the host hands it to the broker, not that a queue keeps it.

    The host sends the message after the function returns. If there is no broker or no queue, the
    caller gets status 500 instead of this response.
    """
    try:
        task = read_task(req)
    except ValueError as error:
        return json_response({"error": str(error)}, status_code=400)
    message.set(json.dumps(asdict(task)))
    logger.info("Sent the task %s", task.task)
    return json_response({"task": task.task}, status_code=202)


def read_task(req: func.HttpRequest) -> Task:
    """Return the task in the body; raise ValueError if it is invalid."""
    try:
        content = req.get_json()
        task = Task(task=content["task"], copies=content["copies"])
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ValueError('Send a task such as {"task": "print", "copies": 2}.') from None
    name = task.task
    if not isinstance(name, str) or not name.isprintable() or not 1 <= len(name) <= LONGEST_TASK:
        raise ValueError(f"A task needs a name of 1 to {LONGEST_TASK} printable characters.")
    if type(task.copies) is not int or not 1 <= task.copies <= MOST_COPIES:
        raise ValueError(f"The copies of a task must be a whole number from 1 to {MOST_COPIES}.")
    return task


def json_response(content: object, status_code: int = 200) -> func.HttpResponse:
    return func.HttpResponse(
        json.dumps(content), status_code=status_code, mimetype="application/json"
    )
