"""Orchestrators that are not deterministic."""

from textwrap import dedent

import pytest

from tests.support.validator import Files, Find, Plant, find_problems
from tests.validator.rules.durable_files import steps

TOP = """
import asyncio, datetime, json, math, os, random, requests, secrets, shutil, subprocess, threading, time, uuid
import numpy as np
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from datetime import datetime as when
from os import environ
from pathlib import Path
from time import sleep as wait
from azure.storage.blob import BlobServiceClient, ContentSettings

SESSION = requests.Session()
BLOBS = BlobServiceClient.from_connection_string(os.environ["OrdersStorage"])
STARTED = datetime.datetime.now()
SETTING = os.getenv("OrdersStorage")


def inner():
    return wait(1)


def outer():
    return inner()


def pure(value):
    return json.dumps(value)
"""


def orchestrating(body: str) -> Files:
    return steps(f"{body}\nyield context.call_activity('say_hello')", TOP)


# Conditions that are true only in the first run, and those that may be true in a replay.
FIRST_RUN = [
    "not context.is_replaying",
    "not (not (not context.is_replaying))",
    "not context.is_replaying and value",
    "value and not context.is_replaying and other",
    "not (context.is_replaying or value)",
    "not context.is_replaying or False",
    "context.is_replaying is False",
    "context.is_replaying == False",
    "context.is_replaying is not True",
    "context.is_replaying != True",
    "False == context.is_replaying",
    "not context.is_replaying is True",
]
REPLAY = [
    "context.is_replaying",
    "not context.is_replaying or value",
    "context.is_replaying and value",
    "context.is_replaying and True",
    "context.is_replaying is True",
    "context.is_replaying == value",
    "not (context.is_replaying is False)",
    "-context.is_replaying",
    "value",
]
NOT_IN_A_REPLAY = [
    *(f"if {test}:\n    time.time()" for test in FIRST_RUN),
    *(f"print(time.time() if {test} else 0)" for test in FIRST_RUN),
    *(f"if not ({test}):\n    pass\nelse:\n    time.time()" for test in FIRST_RUN),
    "if value:\n    pass\nelif not context.is_replaying:\n    time.time()",
    "while not context.is_replaying and time.time() > 1: pass",
    "context.is_replaying or print(time.time())",
    "not context.is_replaying and print(time.time())",
    "if not context.is_replaying and time.time() > 1:\n    pass",
    "first = not context.is_replaying\nreplayed = context.is_replaying\nif not replayed:\n    time.time()",
    "def note():\n    if context.is_replaying:\n        return\n    time.time()\nnote()",
    "for one in value:\n    if context.is_replaying:\n        continue\n    time.time()",
    "live = not context.is_replaying\nif live:\n    time.time()",
    "replayed: bool = context.is_replaying\nif not replayed:\n    time.time()",
    "live: bool = context.is_replaying is False\nprint(time.time() if live else 0)",
    "if (replayed := context.is_replaying):\n    pass\nelse:\n    time.time()",
    "if live := not context.is_replaying:\n    time.time()",
    "print(live := not context.is_replaying)\nlive and print(time.time())",
    "replayed = context.is_replaying\nlive = not replayed\nif live:\n    time.time()",
]
IN_A_REPLAY = [
    *(f"if {test}:\n    time.time()" for test in REPLAY),
    *(f"print(time.time() if {test} else 0)" for test in REPLAY),
    "if not context.is_replaying:\n    pass\nelse:\n    time.time()",
    "if not context.is_replaying:\n    pass\ntime.time()",
    "if time.time() > 1 and not context.is_replaying:\n    pass",
    "if context.is_replaying and time.time() > 1:\n    pass",
    "context.is_replaying and print(time.time())",
    "not context.is_replaying or print(time.time())",
    "replayed = context.is_replaying\nreplayed = False\nif not replayed:\n    time.time()",
    "def note():\n    if not context.is_replaying:\n        return\n    time.time()\nnote()",
    "for one in value:\n    if context.is_replaying:\n        continue\ntime.time()",
    "for one in value:\n    if context.is_replaying:\n        continue\nelse:\n    time.time()",
    "live = not context.is_replaying\nif not live:\n    time.time()",
    "live = not context.is_replaying\nlive = True\nif live:\n    time.time()",
    "live = not context.is_replaying\nlive |= value\nif live:\n    time.time()",
    "replayed: bool\nif not replayed:\n    time.time()",
    "never = False\nif never:\n    time.time()",
    "if (replayed := context.is_replaying):\n    time.time()",
    "live = not context.is_replaying or value\nif live:\n    time.time()",
]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("datetime.datetime.now()", "datetime.datetime.now()"),
        ("datetime.datetime.now(datetime.timezone.utc)", "datetime.datetime.now()"),
        ("dt.datetime.utcnow()", "dt.datetime.utcnow()"),
        ("when.now().isoformat()", "when.now()"),
        ("date.today()", "date.today()"),
        ("time.time()", "time.time()"),
        ("time.localtime()", "time.localtime()"),
        ("random.random()", "random.random()"),
        ("random.Random().random()", "random.Random()"),
        ("np.random.rand(3)", "np.random.rand()"),
        ("secrets.token_hex()", "secrets.token_hex()"),
        ("uuid.uuid4()", "uuid.uuid4()"),
        ("uuid.uuid1().hex", "uuid.uuid1()"),
        ("wait(1)", "wait()"),
        ("time.sleep(1)", "time.sleep()"),
        ("os.environ['OrdersStorage']", "os.environ['OrdersStorage']"),
        ("environ.get('A')", "environ.get()"),
        ("os.getenv('A')", "os.getenv()"),
        ("requests.get('http://a')", "requests.get()"),
        ("SESSION.get('http://a')", "SESSION.get()"),
        ("BLOBS.get_blob_client('a', 'b').upload_blob('x')", "BLOBS.get_blob_client()"),
        ("BlobServiceClient('http://a')", "BlobServiceClient()"),
        ("open('a.txt').read()", "open()"),
        ("Path('a.txt').read_text()", "Path('a.txt').read_text()"),
        ("subprocess.run(['ls'])", "subprocess.run()"),
        ("threading.Thread(target=pure).start()", "threading.Thread()"),
        ("with ThreadPoolExecutor() as pool: pool.map(pure, [])", "ThreadPoolExecutor()"),
        ("asyncio.run(outer())", "asyncio.run()"),
        ("[random.choice(x) for x in [[1]]]", "random.choice()"),
        ("if context.is_replaying:\n    pass\nelse:\n    pass\ntime.time()", "time.time()"),
        ("import time as clock; clock.time()", "clock.time()"),
        ("subprocess.Popen(['ls'])", "subprocess.Popen()"),
        ("secrets.SystemRandom().random()", "secrets.SystemRandom()"),
        *((line, "time.time()") for line in IN_A_REPLAY),
        ("def note():\n    time = 1\n    return time\ntime.time()", "time.time()"),
        ("class Note:\n    time = 1\ntime.time()", "time.time()"),
        ("print([time for time in [1]])\ntime.time()", "time.time()"),
        ("global time\ntime = time or other\ntime.time()", "time.time()"),
    ],
)
def test_what_an_orchestrator_must_not_do(line: str, named: str, plant: Plant) -> None:
    found = find_problems(plant(orchestrating(line)), "AF124")
    assert named in [problem.message.split(" uses ")[1].split(", which")[0] for problem in found]
    assert {problem.path for problem in found} == {"blueprints/hello.py"}


def test_it_is_found_when_the_app_is_indexed_too(plant: Plant, find: Find) -> None:
    files = steps(
        "when = time.time()\nyield context.call_activity('say_hello', when)", "import time"
    )
    [found] = find(plant(files), "AF1")
    assert found.code == "AF124"
    assert found.message.startswith("The orchestrator steps uses time.time(), which ")


def test_the_apps_own_functions_are_followed(plant: Plant) -> None:
    [found] = find_problems(plant(orchestrating("outer()")), "AF124")
    assert "wait()" in found.message
    [found] = find_problems(plant(orchestrating("stamp()")), "AF124")
    assert (found.path, found.line) == ("shared/names.py", 8)
    [found] = find_problems(plant(orchestrating("names.stamp()\nnames.stamp()")), "AF124")
    assert found.path == "shared/names.py"
    inside = "def mine():\n    return time.time()\nmine()"
    [found] = find_problems(plant(orchestrating(inside)), "AF124")
    assert "time.time()" in found.message


@pytest.mark.parametrize(
    "line",
    [
        "context.current_utc_datetime.isoformat()",
        "context.new_uuid()",
        "yield context.create_timer(context.current_utc_datetime + timedelta(hours=1))",
        "yield context.call_http('GET', 'http://a')",
        "uuid.uuid5(uuid.NAMESPACE_URL, 'a')",
        "uuid.UUID(context.new_uuid())",
        "datetime.datetime(2026, 1, 1)",
        "datetime.datetime.fromisoformat('2026-01-01')",
        "time.strptime('2026', '%Y')",
        "time.localtime(0)",
        "random.Random(context.instance_id).random()",
        "np.random.default_rng(42).random()",
        "np.zeros(3)",
        "STARTED.isoformat()",
        "math.sqrt(2)",
        "pure(context.get_input())",
        "plain(SETTING); print(STARTED)",
        "ContentSettings(content_type='a')",
        "Path('a') / 'b'",
        "os.path.join('a', 'b')",
        "if not context.is_replaying:\n    print(time.time())",
        "'x' if context.is_replaying else time.time()",
        *NOT_IN_A_REPLAY,
        "raise subprocess.CalledProcessError(1, 'a')",
        "print(subprocess.CompletedProcess('a', 0), subprocess.TimeoutExpired('a', 1))",
        "raise shutil.Error('a')",
        "shutil.ignore_patterns('*.pyc')",
        "def unused():\n    return time.time()",
        "time = context.get_input(); time.time()",
        "requests = [1]; requests.sort()",
        "json.loads('1')",
        "open_tasks = []; open_tasks.append(1)",
        "print([time.time() for time in [1]])",
        "print({key: [time.time() for one in time] for key, time in {}.items()})",
        "context.open()",
        "{}.get('a')",
    ],
)
def test_what_an_orchestrator_may_do(line: str, plant: Plant) -> None:
    assert find_problems(plant(orchestrating(line)), "AF124") == []


def test_functions_may_import_different_things_under_one_name(plant: Plant) -> None:
    code = """
        import azure.durable_functions as df

        app = df.DFApp()


        @app.orchestration_trigger(context_name="context")
        def orchestrator(context):
            from steps import orchestrate as run
            return run(context)


        @app.activity_trigger(input_name="name")
        def greet(name: str) -> str:
            from steps import greet as run
            return run(name)
        """
    steps = """
        import time


        def orchestrate(context):
            return (yield context.call_activity("greet", "Ada"))


        def greet(name):
            return f"{name}: {time.time()}"
        """
    files = {"function_app.py": code, "steps.py": steps}
    assert find_problems(plant(files), "AF124") == []
    line = "from steps import orchestrate as run\n"
    files["function_app.py"] = line + dedent(code).replace(f"    {line}", "")
    assert find_problems(plant(files), "AF124") == []
    files["function_app.py"] = code.replace("import orchestrate as", "import greet as")
    [found] = find_problems(plant(files), "AF124")
    assert (found.path, found.line) == ("steps.py", 9)


def test_activities_entities_and_clients_are_free(plant: Plant) -> None:
    files = orchestrating("pass")
    text = files["blueprints/hello.py"]
    assert isinstance(text, str)
    for body in (
        "    return name\n",
        "    context.set_result(1)\n",
        "    await durable.start_new(",
    ):
        assert body in text
        text = text.replace(body, f"    time.sleep(1); random.random()\n{body}")
    assert find_problems(plant({**files, "blueprints/hello.py": text}), "AF124") == []
