"""What the README says of the worker of a version of Python: it is what the worker does."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.catalogue import PYTHONS
from tests.support.readme import section
from tests.support.run import run
from tests.support.text_files import append
from tests.worker.client import run_project
from tests.worker.exchange import HttpRequest
from tests.worker.invocations import Expected, Invocation

OF_EVERY_PYTHON = ["PYTHON_THREADPOOL_THREAD_COUNT", "FUNCTIONS_WORKER_PROCESS_COUNT"]
OF_OLDER_PYTHONS = [
    "FUNCTIONS_WORKER_SHARED_MEMORY_DATA_TRANSFER_ENABLED",
    "PYTHON_ISOLATE_WORKER_DEPENDENCIES",
]
# Publishes each attribute of the invocation that the README names.
CONTEXT = """

@app.route("context")
def tell_context(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    import json

    names = req.params["names"].split(",")
    return func.HttpResponse(json.dumps({name: str(getattr(context, name)) for name in names}))
"""


@pytest.mark.parametrize("version", PYTHONS)
def test_it_tells_what_the_worker_of_the_python_does(
    version: str, render: Callable[..., Path]
) -> None:
    app = render({"a": "http"}, python_version=version, telemetry="opentelemetry")
    is_old = version < "3.13"
    # It has no effect on the newer worker, which keeps the invocation in a context variable.
    running = section(app, "How functions run")
    assert ("set `context.thread_local_storage.invocation_id`" in running) == is_old
    assert ("`threads.submit(contextvars.copy_context().run, work)`" in running) != is_old
    assert ("`context.thread_local_storage` has no effect" in running) != is_old
    # It attaches the trace in its own thread only.
    passed = '`telemetry.span("price order", context, order=order.id)`'
    assert (passed in section(app, "Telemetry")) != is_old
    # It ends the host where the older one lists no functions.
    failing = section(app, "When something fails")
    assert ("`Worker failed to index functions`" in failing) == is_old
    assert ("`Exceeded language worker restart retry count`" in failing) != is_old
    assert ("worker extension has no effect" in failing) != is_old
    assert ("a module of your own" in failing) != is_old
    assert "`Did not find any initialized language workers`" in failing


# Breaks every invocation, if the worker calls it.
EXTENSION = """

class Broken(func.AppExtensionBase):
    @classmethod
    def init(cls) -> None:
        pass

    @classmethod
    def pre_invocation_app_level(cls, *args: object, **kwargs: object) -> None:
        raise RuntimeError("called")
"""


def test_the_worker_of_the_newest_python_ignores_extensions_as_it_says(
    project: Callable[..., Path], worker_python: Path
) -> None:
    app = project({"hello": "http"})
    append(app / "function_app.py", EXTENSION)
    request = HttpRequest("GET", "/api/hello?name=Ada")
    [result] = run_project(worker_python, app, [Invocation("a call", request, Expected())]).results
    assert result.failure is None
    assert [log for log in result.logs if "extension" in log.lower()] == []
    assert "extension has no effect" in section(app, "When something fails")


@pytest.mark.parametrize("version", PYTHONS)
def test_it_names_the_settings_that_the_worker_of_the_python_reads(
    version: str, render: Callable[..., Path]
) -> None:
    named = re.findall(
        r"(?m)^\| `(\w+)` \|", section(render({"a": "http"}, python_version=version), "Scale")
    )
    older = OF_OLDER_PYTHONS if version < "3.13" else []
    assert named == OF_EVERY_PYTHON + older
    own_library = "Azure provides its own `azure-functions`" in section(
        render({"a": "http"}, python_version=version), "Change the Python version"
    )
    assert own_library == (version < "3.13")


def test_the_worker_of_the_newest_python_knows_the_settings_for_it(worker_python: Path) -> None:
    code = "import azure_functions_runtime.utils.constants as c; print(*vars(c))"
    known = set(run(worker_python, "-c", code).stdout.split())
    assert [name for name in OF_EVERY_PYTHON if name.startswith("PYTHON_")] == sorted(
        known & {*OF_EVERY_PYTHON, *OF_OLDER_PYTHONS}
    )


def test_the_worker_fills_every_attribute_of_the_context(
    project: Callable[..., Path], worker_python: Path
) -> None:
    app = project({"hello": "http"})
    append(app / "function_app.py", CONTEXT)
    running = section(app, "How functions run")
    [text] = re.findall(r"(?s)- \*\*Context\.\*\* .+?`context\.thread_local_storage`", running)
    text = re.sub("`threads\\.submit[^`]+`|`ThreadPoolExecutor`", "", text)
    names = {
        name.removeprefix("context.").split(".")[0] for name in re.findall(r"`([\w.]+)`", text)
    }
    assert names == {
        "invocation_id",
        "function_name",
        "function_directory",
        "thread_local_storage",
        "trace_context",
        "retry_context",
    }
    request = HttpRequest("GET", f"/api/context?names={','.join(sorted(names))}")
    [result] = run_project(worker_python, app, [Invocation("context", request, Expected())]).results
    context = json.loads(result.http_answer().body)
    assert context["function_name"] == "tell_context"
    assert context["function_directory"] == str(app.resolve())
    assert re.fullmatch(r"[0-9a-f-]{36}", context["invocation_id"])
    for name in ("thread_local_storage", "trace_context", "retry_context"):
        assert context[name] not in ("", "None")
