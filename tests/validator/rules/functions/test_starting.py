"""What runs when the app starts, what blocks it, and what it cannot have beside a web framework."""

import pytest

from tests.support.validator import Find, Plant, find_problems
from tests.validator.rules.binding_files import codes, function

WARM_UP = "@bp.warm_up_trigger('context')"


@pytest.mark.parametrize(
    ("decorators", "expected"),
    [
        (WARM_UP, ["AF219"]),
        (f"@bp.function_name('warm_up')\n{WARM_UP}", ["AF219"]),
        (f"@bp.function_name('warmup')\n{WARM_UP}", []),
        (f"@bp.function_name('WarmUp')\n{WARM_UP}", []),
        ("@bp.generic_trigger('context', 'warmupTrigger')", ["AF219"]),
    ],
)
def test_the_name_of_a_warm_up_function(
    plant: Plant, find: Find, decorators: str, expected: list[str]
) -> None:
    assert codes(plant, find, function(decorators, "context")) == expected


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("timer_trigger('x', '0 0 3 * * *', run_on_startup=True)", ["AF220"]),
        ("schedule('x', '0 0 3 * * *', True)", ["AF220"]),
        ("timer_trigger('x', '0 0 3 * * *', run_on_startup=False)", []),
        ("timer_trigger('x', '0 0 3 * * *')", []),
        ("timer_trigger('x', '0 0 3 * * *', run_on_startup=bool(__name__))", []),
    ],
)
def test_a_timer_at_startup(plant: Plant, find: Find, trigger: str, expected: list[str]) -> None:
    assert codes(plant, find, function(f"@bp.{trigger}", "x: func.TimerRequest")) == expected


CONDITIONAL = """
    import os
    import azure.functions as func

    bp = func.Blueprint()
    {condition}
        @bp.timer_trigger("timer", "0 0 3 * * *", run_on_startup=True)
        def tick(timer: func.TimerRequest) -> None:
            print("tick")
    """


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("if os.environ.get('DEBUG'):", []), ("def make():", ["AF220"])],
)
def test_a_timer_at_startup_under_a_condition(
    condition: str, expected: list[str], plant: Plant
) -> None:
    source = CONDITIONAL.format(condition=condition)
    source += "\n    make()" if expected else ""
    found = find_problems(plant({"blueprints/orders.py": source}), "AF220")
    assert [one.code for one in found] == expected


BLOCKING = """
    import asyncio
    import time
    import urllib.request
    from time import sleep
    from urllib.request import urlopen

    import azure.functions as func
    {imports}

    bp = func.Blueprint()
    {top}


    @bp.route(route="orders")
    {kind} orders(req: func.HttpRequest) -> func.HttpResponse:
        {line}
        return func.HttpResponse()
    """


def blocked(
    plant: Plant, find: Find, line: str, imports: str = "", top: str = "", kind: str = "async def"
) -> list[str]:
    source = BLOCKING.format(imports=imports, top=top, kind=kind, line=line)
    return [one.code for one in find(plant({"blueprints/orders.py": source}), "AF237")]


@pytest.mark.parametrize(
    ("line", "imports", "top"),
    [
        ("time.sleep(1)", "", ""),
        ("sleep(1)", "", ""),
        ("urllib.request.urlopen('https://a.b')", "", ""),
        ("with urlopen('https://a.b') as answer: answer.read()", "", ""),
        ("answer = requests.get('https://a.b').json()", "import requests", ""),
        ("post('https://a.b')", "from requests import post", ""),
        ("r.request('GET', 'https://a.b')", "import requests as r", ""),
        ("SESSION.get('https://a.b')", "import requests", "SESSION = requests.Session()"),
        ("requests.Session().get('https://a.b')", "import requests", ""),
        ("with requests.Session() as s: s.get('https://a.b')", "import requests", ""),
        ("httpx.get('https://a.b')", "import httpx", ""),
        ("if req: time.sleep(1)", "", ""),
    ],
)
def test_what_blocks(plant: Plant, find: Find, line: str, imports: str, top: str) -> None:
    assert blocked(plant, find, line, imports, top) == ["AF237"]
    assert blocked(plant, find, line, imports, top, "def") == []


@pytest.mark.parametrize(
    ("line", "imports"),
    [
        ("await asyncio.sleep(1)", ""),
        ("await asyncio.to_thread(time.sleep, 1)", ""),
        ("await asyncio.to_thread(requests.get, 'https://a.b')", "import requests"),
        ("await asyncio.to_thread(lambda: time.sleep(1))", ""),
        ("requests = {}; requests.get('a')", ""),
        ("session = {}; session.get('a')", "import requests"),
        ("await httpx.AsyncClient().get('https://a.b')", "import httpx"),
        ("time.monotonic()", ""),
        ("time.sleep(0)", ""),
        ("requests.Request('GET', 'https://a.b')", "import requests"),
    ],
)
def test_what_does_not_block(plant: Plant, find: Find, line: str, imports: str) -> None:
    assert blocked(plant, find, line, imports) == []


WEB = """
    import azure.functions as func
    {imported}
    from {framework} import {web}

    app = func.{app}(app={web}({name}))
    """
WITHOUT_PREFIX = {
    "blueprints/hello.py": None,
    "blueprints/orders.py": None,
    "host.json": '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}',
}
STREAMS = "from azurefunctions.extensions.http.fastapi import StreamingResponse"


@pytest.mark.parametrize(
    "imported",
    [
        STREAMS,
        "import azurefunctions.extensions.http.fastapi",
        STREAMS.replace(".fastapi import StreamingResponse", " import fastapi as streams"),
    ],
)
@pytest.mark.parametrize(
    ("app", "framework", "web", "name"),
    [
        ("AsgiFunctionApp", "fastapi", "FastAPI", ""),
        ("WsgiFunctionApp", "flask", "Flask", "__name__"),
    ],
)
def test_streams_beside_a_web_framework(
    plant: Plant, find: Find, imported: str, app: str, framework: str, web: str, name: str
) -> None:
    source = WEB.format(imported=imported, framework=framework, web=web, app=app, name=name)
    app_files = {**WITHOUT_PREFIX, "function_app.py": source}
    found = [one for one in find(plant(app_files)) if one.code[:3] in ("AF1", "AF2")]
    assert [(one.code, one.path, one.line) for one in found] == [("AF238", "function_app.py", 2)]
    app_files["function_app.py"] = source.replace(imported, "")
    assert not [one for one in find(plant(app_files)) if one.code[:3] in ("AF1", "AF2")]


def test_a_module_of_the_app_is_not_the_extension(plant: Plant, find: Find) -> None:
    own = "from shared import fastapi as own"
    source = WEB.format(
        imported=own, framework="flask", web="Flask", app="WsgiFunctionApp", name="'a'"
    )
    files = {**WITHOUT_PREFIX, "function_app.py": source, "shared/fastapi.py": ""}
    assert find(plant(files), "AF238") == []


MODULE_SESSION = "session = requests.Session()"


@pytest.mark.parametrize(
    "line",
    [
        "async with aiohttp.ClientSession() as session: await session.get('https://a.b')",
        "async with aiohttp.ClientSession() as session, session.get('https://a.b') as a: await a.json()",
        "async with aiohttp.ClientSession() as session: session.get('https://a.b')",
        "session = aiohttp.ClientSession(); await session.get('https://a.b')",
        "for session in [aiohttp.ClientSession()]: session.get('https://a.b')",
        "await session.get('https://a.b')",
        "async with session.get('https://a.b') as answer: await answer.json()",
        "requests = aiohttp.ClientSession(); requests.get('https://a.b')",
        "print([session.get('https://a.b') for session in [aiohttp.ClientSession()]])",
        "print({requests.get('https://a.b') for requests in []})",
    ],
)
def test_another_session_of_the_same_name(plant: Plant, find: Find, line: str) -> None:
    imports = "import aiohttp, requests"
    assert blocked(plant, find, line, imports, MODULE_SESSION) == []


@pytest.mark.parametrize(
    "line",
    [
        "session.get('https://a.b')",
        "session = requests.Session(); session.get('https://a.b')",
        "import requests; requests.get('https://a.b')",
        "await asyncio.sleep(session.get('https://a.b').status_code)",
        "async with asyncio.timeout(1): session.get('https://a.b')",
        "global session; session = session or make(); session.get('https://a.b')",
        "print([session for session in [1]]); session.get('https://a.b')",
        "print(lambda: (session := 1)); session.get('https://a.b')",
        "print([session.get(address) for address in ['https://a.b']])",
    ],
)
def test_the_session_of_the_module(plant: Plant, find: Find, line: str) -> None:
    assert blocked(plant, find, line, "import requests", MODULE_SESSION) == ["AF237"]


@pytest.mark.parametrize("trigger", ["orchestration_trigger", "entity_trigger"])
def test_an_asynchronous_orchestrator_or_entity_is_for_other_rules(
    plant: Plant, trigger: str
) -> None:
    source = f"""
    import time

    import azure.durable_functions as df

    bp = df.Blueprint()


    @bp.{trigger}(context_name="context")
    async def steps(context):
        time.sleep(1)
    """
    found = {one.code for one in find_problems(plant({"blueprints/orders.py": source}))}
    assert "AF121" in found
    assert "AF237" not in found


@pytest.mark.parametrize(
    "top",
    [
        "def load(again=1): return requests.get('https://a.b').text",
        "def load(): time.sleep(1)",
        "def load(): print(requests.get('https://a.b').text)",
        "def load():\n        with requests.Session() as s: return s.get('https://a.b')",
        "def load():\n        if bp: print(1)\n        return requests.get('https://a.b')",
    ],
)
def test_a_plain_function_that_waits(plant: Plant, find: Find, top: str) -> None:
    assert blocked(plant, find, "load()", "import requests", top) == ["AF237"]
    assert blocked(plant, find, "load()", "import requests", top, "def") == []
    assert blocked(plant, find, "await asyncio.to_thread(load)", "import requests", top) == []
    assert blocked(plant, find, "load = print; load()", "import requests", top) == []


@pytest.mark.parametrize(
    "top",
    [
        "def load(): return requests.get",
        "def load(known=None): return known or requests.get('https://a.b')",
        "def load(known=None): return known if known else requests.get('https://a.b')",
        "def load(known=None):\n        if known: return known\n        return requests.get('https://a.b')",
        "def load(known=None):\n        assert not known\n        return requests.get('https://a.b')",
        "def load():\n        for a in TEXTS: requests.get(a)",
        "def load():\n        while not TEXTS: time.sleep(1)",
        "def load():\n        try: print(bp)\n        except ValueError: time.sleep(1)",
        "def load():\n        try: return TEXTS['a']\n        except KeyError: print()\n        time.sleep(1)",
        "def load(): [sleep(1) for _ in TEXTS]",
        "def load(): time.sleep(0)",
        "def load(): time.sleep(1)\n    for load in [print]: print(load)",
        "def load(): time.sleep(1)\n    import os as load",
        "def load(): time.sleep(1)\n    if bp:\n        def load(): ...",
        "def load(): time.sleep(1)\n    with open(__file__) as load: ...",
        "def load(): return lambda: requests.get('https://a.b')",
        "def load(): yield requests.get('https://a.b')",
        "@print\n    def load(): return requests.get('https://a.b')",
        "def load(requests): return requests.get('https://a.b')",
    ],
)
def test_a_plain_function_that_may_not_wait(plant: Plant, find: Find, top: str) -> None:
    assert blocked(plant, find, "load(1)", "import requests", top) == []


def test_a_plain_function_of_another_module_that_waits(plant: Plant) -> None:
    source = BLOCKING.format(
        imports="from shared import web", top="", kind="async def", line="web.load()"
    )
    helper = "import requests\n\n\ndef load():\n    return requests.get('https://a.b')\n"
    files = {"blueprints/orders.py": source, "shared/web.py": helper, "shared/__init__.py": ""}
    [found] = find_problems(plant(files), "AF237")
    assert found.message == (
        "While orders waits in load, which calls requests.get, no other function runs."
    )
    assert found.fix == "Await asyncio.to_thread(web.load, ...), or make orders synchronous."
