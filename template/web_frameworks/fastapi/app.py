"""The web app: FastAPI handles every request that matches no other function's route."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.security import APIKeyHeader

from web import products


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Create what all requests share, before the first of them.

    Requests that arrive together can start the app more than once, so keep what is there. Azure
    may stop the app without warning: do nothing important after `yield`.
    """
    if not hasattr(app.state, "store"):
        app.state.store = products.ProductStore()
    yield


# The host checks the key of a function. This only adds it to /docs, under Authorize.
function_key = APIKeyHeader(name="x-functions-key", auto_error=False)

app = FastAPI(
    title="Products",
    lifespan=lifespan,
    dependencies=[Security(function_key)],
    docs_url=None,
    redoc_url=None,
    # A redirect would lead to the app's own address, which callers may not reach.
    redirect_slashes=False,
    # The host records each request. FastAPI would do so again, in a trace of its own.
    telemetry={"tracing": False},
)
app.include_router(products.router)
products.add_error_handlers(app)
# Include your own routers below this line.


@app.get("/health")
async def health() -> dict[str, str]:
    """Report that the app is running. Also check what it needs, such as its database."""
    return {"status": "ok"}


@app.exception_handler(RequestValidationError)
async def invalid_request(request: Request, error: RequestValidationError) -> JSONResponse:
    """Return 422 without the input, which JSON may not be able to hold, such as NaN."""
    detail = [{key: each[key] for key in ("type", "loc", "msg")} for each in error.errors()]
    return JSONResponse({"detail": detail}, status_code=422)


@app.get("/docs", include_in_schema=False)
async def docs(code: str = "") -> HTMLResponse:
    """Return the documentation. If the app needs a key, open /docs?code=KEY.

    The page of FastAPI itself would load its schema without the key, which the host refuses.
    """
    key = f"?{urlencode({'code': code})}" if code else ""
    return get_swagger_ui_html(openapi_url=f"/openapi.json{key}", title=app.title)
