"""The client of the language model that all functions of the app share.

It is created on first use and kept, and so are its connections. OpenAIConnection__endpoint is the
address of the model's API, such as https://NAME.openai.azure.com/openai/v1/. In Azure, the app's
identity signs in; on a developer's machine, whoever ran `az login`. A server on the same machine,
such as Ollama at http://localhost:11434/v1/, needs no sign-in.
"""

import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

# The SDKs are slow to import, so functions import them on first use.
if TYPE_CHECKING:
    from openai import AsyncOpenAI

logger = logging.getLogger(__name__)
# It would log every request.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpx2").setLevel(logging.WARNING)

CONNECTION = "OpenAIConnection"
SCOPE = "https://cognitiveservices.azure.com/.default"
LOCAL_HOSTS = {"localhost", "127.0.0.1"}
# How many seconds the client waits for the model to send something, and how often it tries again
# if the model cannot be reached or is busy. A busy model says when to try again.
TIMEOUT = 60
RETRIES = 1


class Failure(Exception):
    """The model did not answer; `status` is the HTTP status that tells the caller why.

    400: the model's content filter refused the messages. 429: too many requests or tokens;
    `retry_after` is the number of seconds to wait, if it is known. 503: it cannot be reached.
    """

    def __init__(self, status: int, retry_after: str | None = None) -> None:
        super().__init__(f"The model failed with status {status}")
        self.status = status
        self.retry_after = retry_after


def deployment() -> str:
    """Return the name of the model's deployment, or of the model on a local server."""
    return os.environ["OPENAI_DEPLOYMENT"]


@lru_cache(maxsize=1)
def client() -> "AsyncOpenAI":
    """Return the client, created on first use."""
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient

    endpoint = os.environ[f"{CONNECTION}__endpoint"]
    local = urlsplit(endpoint).hostname in LOCAL_HOSTS
    key = "none" if local else _token_provider()
    return AsyncOpenAI(
        base_url=endpoint,
        api_key=key,
        timeout=TIMEOUT,
        max_retries=RETRIES,
        # A proxy would look for the server on its own machine.
        http_client=DefaultAsyncHttpxClient(trust_env=False) if local else None,
    )


@contextlib.asynccontextmanager
async def failures() -> AsyncIterator[None]:
    """Turn errors of the model and the network into a Failure.

    Errors that the app's owner must fix, such as a missing role or deployment, do not become a
    Failure: the function fails, and Application Insights has the stack trace.
    """
    from openai import APIConnectionError, APIStatusError

    try:
        yield
    except Exception as error:
        # A framework can have wrapped the error of the client.
        known = _find(error, (APIConnectionError, APIStatusError))
        failure = _failure(known) if known else None
        if failure is None:
            raise
        logger.warning("The model did not answer: %s", type(known).__name__)
        raise failure from error


def _find(error: BaseException | None, types: tuple[type[Exception], ...]) -> BaseException | None:
    """Return the error, or one that caused it, that is of these types."""
    while error is not None and not isinstance(error, types):
        error = error.__cause__
    return error


def _failure(error: BaseException) -> Failure | None:
    from openai import APIStatusError

    if not isinstance(error, APIStatusError):
        return Failure(503)
    if error.status_code == 429:
        return Failure(429, error.response.headers.get("retry-after"))
    if error.code == "content_filter":
        return Failure(400)
    return Failure(503) if error.status_code == 408 or error.status_code >= 500 else None


def _token_provider() -> Callable[[], Awaitable[str]]:
    from azure.identity.aio import DefaultAzureCredential, get_bearer_token_provider

    client_id = os.environ.get(f"{CONNECTION}__clientId")
    options = {"managed_identity_client_id": client_id} if client_id else {}
    return get_bearer_token_provider(DefaultAzureCredential(**options), SCOPE)
