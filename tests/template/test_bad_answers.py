"""Every bad answer is refused on one line that names it, and nothing is written."""

import datetime
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from copier import run_copy
from jinja2.exceptions import FilterArgumentError

from tests.support.run import run

PROJECT_NAMES = {
    "": "not a valid name",
    "my app": "not a valid name",
    "it's": "not a valid name",
    'a"b': "not a valid name",
    "{app}": "not a valid name",
    "{{ app }}": "not a valid name",
    "../app": "not a valid name",
    "a..b": "not a valid name",
    "-app": "not a valid name",
    "café": "not a valid name",
    "class": "keyword",
    "json": "standard library",
    "host": "Functions host",
    "func": "Functions host",
    "NUL": "Windows device name",
    "a" * 200: "200 characters",
}

FUNCTION_NAMES = {
    '""': "not a valid name of a function",
    "my orders": "not a valid name of a function",
    "it's": "plain names",
    'a"b': "plain names",
    "{a}": "plain names",
    "a..b": "not a valid name of a function",
    "../a": "plain names",
    "Orders": "not a valid name of a function",
    "_orders": "not a valid name of a function",
    "orders_": "not a valid name of a function",
    "two__orders": "not a valid name of a function",
    "7": "not a valid name of a function",
    "null": "not a valid name of a function",
    '"null"': "a word that YAML reads as a value",
    '"true"': "a word that YAML reads as a value",
    "webjobs_blobtrigger_poison": "a resource of the Functions host",
    "café": "not a valid name of a function",
    "class": "keyword",
    "match": "keyword",
    "json": "standard library",
    "list": "built-in",
    "host": "Functions host",
    "func": "Functions host",
    "admin": "reserved route",
    "administration": "routes that begin with admin or runtime",
    "runtimes": "routes that begin with admin or runtime",
    "app": "generated files",
    "blueprint": "generated files",
    "con": "Windows device name",
    "lpt1": "Windows device name",
    "test_orders": "pytest",
    "a" * 200: "200",
}

FUNCTIONS = {
    "": "plain names",
    "hello": "plain names",
    "{}": "at least one name",
    "[http]": "plain names",
    "[{hello: http}]": "plain names",
    "{hello: http": "plain names",
    "{hello: {kind: http}}": "plain names",
    "{hello: http, orders: queue, hello: timer}": '"hello" is listed twice',
    "{'hello': http, \"hello\": timer}": '"hello" is listed twice',
    "{hello: https}": 'no kind "https"',
    "{hello: }": "plain names",
    "hello: http, orders: queue": "plain names",
    "{hello: http,, orders: queue}": "plain names",
    "hello:\thttp": "plain names",
    '{hello: http, "hell\\x6f": timer}': "plain names",
    "{" + ", ".join(f"a{n}: http" for n in range(50)): "plain names",
    "{" + ", ".join(f"a{n}: http" for n in range(50)) + ", x: [y]}": "plain names",
    "a:" + " " * 6000 + "&": "plain names",
    "{hello: null}": "no kind null",
    "{hello:http}": "Write a space after each colon",
    "{hello: http, orders:queue}": "Write a space after each colon",
    "hello:http": "Write a space after each colon",
    "{a: queue}": "3 to 56 characters",
    "{process: queue}": 'The code of the kind queue uses the name "process" itself',
}

UNKNOWN_KIND = "The template's docs/catalogue.md lists all kinds."

# Several at once, and the whole line that names them.
SEVERAL = [
    (
        {
            "functions": {
                "host": "http",
                "class": "queue",
                "hello": "timr",
                "calls": "worker_extension",
            }
        },
        (
            'functions: "host" is a name that the Functions host or its library uses. "class" is a Python '
            'keyword. Choose another name. "hello": there is no kind "timr". Do you mean timer? '
            f'{UNKNOWN_KIND} "calls" is of the kind worker_extension, which does not run on '
            "Python 3.13, only on 3.10, 3.11, 3.12."
        ),
    ),
    (
        {"functions": "{Up: x, Down: x, a: queue, b: queue}", "triggers": ["http", "x", "warm"]},
        (
            'triggers: There is no kind "x". There is no kind "warm". Do you mean warmup? '
            f'{UNKNOWN_KIND} functions: "Up" is not a valid name of a function. "Up": there is no kind "x". '
            '"Down" is not a valid name of a function. Use snake_case, such as new_orders. '
            f'"Down": there is no kind "x". {UNKNOWN_KIND} "a" also names a '
            "resource in Azure, so a function of the kind queue needs a name of 3 to 56 characters. Also "
            'wrong: "b".'
        ),
    ),
    (
        {
            "colour": "red",
            "size": 1,
            "docker": "maybe",
            "python_version": "2.7",
            "auth_level": "root",
        },
        "There is no question colour or size. Choose one of project_name, ",
        'python_version: "2.7" is not one of the choices 3.13, ',
        (
            'auth_level: "root" is not one of the choices function, anonymous, admin. docker: Write true or '
            'false, not "maybe".'
        ),
    ),
    (
        {"functions": {"calls": "worker_extension", "up": "http_stream"}, "web_framework": "flask"},
        'functions: "calls" is of the kind worker_extension, which',
        '"up" streams HTTP, and the worker then rejects every other HTTP function, such as "calls".',
        '"up" streams HTTP, and the worker then rejects a web framework. Choose none,',
    ),
    (
        {"functions": {"jobs": "redis", "sales": "blob"}, "infra": "azd"},
        'functions: "jobs" does not run on the Flex Consumption plan,',
        ' "sales" does not run on the Flex Consumption plan, which azd creates: use the kind',
    ),
    (
        {"functions": {"counter": "durable_entity", "counter_entity": "http", "list": "durable"}},
        'functions: "list" is ',
        'Two functions would have the name "counter_entity", since',
    ),
]

# Functions and other answers, each of which is right alone.
MIXED = [
    (
        {"functions": "{user_1: table_output, users: queue, user1: http_api}"},
        '"user_1" and "user1" would have the same table, since names of tables have no underscores',
    ),
    (
        {"functions": "{price_list: sql, pricelist: sql_output}"},
        '"price_list" and "pricelist" would have the same table',
    ),
    (
        {"functions": "{df: http, ship: durable}"},
        'function_app.py imports azure.durable_functions as df, and the function "df" would hide it',
    ),
    (
        {"triggers": "[http, http_stream]"},
        r'^triggers: "http_stream_example" streams HTTP, .* separate apps\.$',
    ),
    (
        {"triggers": ["worker_extension"], "functions": {"hello": "http"}},
        r'^triggers: "worker_extension_example" is of the kind .* only on 3\.10, 3\.11, 3\.12\.$',
    ),
    (
        {"functions": "{first: warmup, second: warmup}"},
        'Two functions would have the name "warmup"',
    ),
    ({"functions": "{df: durable}"}, 'uses the name "df" itself. Choose another name.$'),
    (
        {"functions": "{up: http_stream, hello: http}"},
        "the worker then rejects every other HTTP function",
    ),
    (
        {"functions": "{up: http_stream}", "web_framework": "flask"},
        "the worker then rejects a web framework",
    ),
]

OTHERS = {
    ("description", ""): "one line",
    ("description", "two\nlines"): "one line",
    ("description", "{{ secret }}"): "must not contain",
    ("description", "two\u2028lines"): "one line",
    ("python_version", "2.7"): '"2.7" is not one of the choices 3.13',
    ("triggers", "http"): "list of kinds",
    ("triggers", "[]"): "list of kinds",
    ("triggers", "[http,,]"): "list of kinds",
    ("triggers", "[carrier_pigeon]"): 'There is no kind "carrier_pigeon"',
    ("web_framework", "django"): '"django" is not one of the choices none, fastapi',
    ("auth_level", "root"): '"root" is not one of the choices function',
    ("durable_backend", "sql"): '"sql" is not one of the choices storage, scheduler',
    ("docker", "maybe"): "true or false",
    ("kept_files", "README.md"): "list of files, such as [README.md, host.json]",
    ("kept_files", "[README.md, *.json]"): "list of files",
    ("kept_files", "[" + "a/" * 3000 + "&"): "list of files",
    ("kept_files", "[README.md, README.md]"): '"README.md" is listed twice',
    ("kept_files", "[../x]"): '"../x" is not a path in the app',
    ("kept_files", "[true]"): "true is not a path in the app",
    ("app_folder", "../orders"): "not the path of a folder from the root",
    ("app_folder", "apps/my orders"): "not the path of a folder from the root",
    ("app_folder", "/apps/orders"): "not the path of a folder from the root",
    ("app_folder", "apps/orders/"): "not the path of a folder from the root",
    ("app_folder", ""): "not the path of a folder from the root",
    ("libraries", "libs/pricing"): "Set app_folder, too",
    ("guard", "x"): "The template computes it. Leave it out.",
    ("functions_guard", "x"): "There is no question functions_guard",
    ("app", "{}"): "There is no question app",
    ("update_notes", "{}"): "There is no question update_notes",
}

CASES = [
    *(("project_name", answer, complaint) for answer, complaint in PROJECT_NAMES.items()),
    *(("functions", f"{{{name}: http}}", complaint) for name, complaint in FUNCTION_NAMES.items()),
    *(("functions", answer, complaint) for answer, complaint in FUNCTIONS.items()),
    *((question, answer, complaint) for (question, answer), complaint in OTHERS.items()),
]


def refusal(template: Path, folder: Path, answers: Mapping[str, object]) -> str:
    """Return the line with which the template refuses answers; fail if it writes anything."""
    app = folder / "app"
    with pytest.raises((ValueError, FilterArgumentError)) as refused:
        run_copy(str(template), app, data=dict(answers), defaults=True, quiet=True)
    said = str(refused.value)
    assert "\n" not in said
    assert not app.exists()
    return said


@pytest.mark.parametrize(("question", "answer", "complaint"), CASES)
def test_a_bad_answer_is_refused(
    question: str, answer: str, complaint: str, template: Path, tmp_path: Path
) -> None:
    said = refusal(template, tmp_path, {question: answer})
    assert complaint in said
    assert question in said


@pytest.mark.parametrize("case", SEVERAL, ids=lambda case: ", ".join(case[0]))
def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_answers(
    case: tuple[Any, ...], template: Path, tmp_path: Path
) -> None:
    answers, *parts = case
    said = refusal(template, tmp_path, answers)
    found = re.search(".*".join(map(re.escape, parts)), said)
    assert found
    # A single part is the whole line.
    assert len(parts) > 1 or found[0] == said


@pytest.mark.parametrize(("answers", "complaint"), MIXED)
def test_answers_that_do_not_go_together_are_refused(
    answers: dict[str, str], complaint: str, template: Path, tmp_path: Path
) -> None:
    assert re.search(complaint, refusal(template, tmp_path, answers))


LIBRARIES = {
    "../pricing": "not the path of a folder from the root",
    "libs/pricing, libs/tax": "not the path of a folder from the root",
    "apps/orders/pricing": "in the folder of the app",
    "libs/pricing libs/tax libs/pricing": '"libs/pricing" is listed twice',
}


@pytest.mark.parametrize(("answer", "complaint"), LIBRARIES.items())
def test_a_bad_list_of_packages_is_refused(
    answer: str, complaint: str, template: Path, tmp_path: Path
) -> None:
    said = refusal(template, tmp_path, {"app_folder": "apps/orders", "libraries": answer})
    assert re.search(f"libraries: .*{complaint}", said)


# YAML reads 010 as 8, 1.50 as 1.5, yes as true, and 2026-11-28 as a date.
DAY = datetime.date(2026, 11, 28)
FROM_A_FILE: dict[str, list[object]] = {
    "project_name": [["a"], 8, True, DAY],
    "description": [None, [], {}, 1.5, DAY],
    "python_version": [3.10],
    "triggers": [None, 5, True, {"http": 1}, []],
    "functions": [
        *(None, 7, {}, ["http"], {"hello": 7}, {"hello": ["http"]}),
        *({"true": "http"}, {True: "http"}, {DAY: "http"}),
    ],
    "web_framework": [["flask"]],
    "auth_level": [["admin"]],
    "docker": [None, 2, [], {}, "ja"],
    "kept_files": [
        None,
        7,
        {},
        {"README.md": 1},
        [7],
        ["/etc/passwd"],
        ["!README.md"],
        ["a/../b"],
        ["."],
    ],
    "app_folder": [None, ["apps"], DAY],
    "libraries": [["libs/pricing"], 5],
}


@pytest.mark.parametrize(
    ("question", "answer"),
    [(question, answer) for question, answers in FROM_A_FILE.items() for answer in answers],
)
@pytest.mark.parametrize("others", [{}, {"functions": {"hello": "http"}}])
def test_a_bad_answer_from_a_data_file_is_refused(
    question: str, answer: object, others: dict[str, object], template: Path, tmp_path: Path
) -> None:
    said = refusal(template, tmp_path, {**others, question: answer})
    assert re.search(rf"^{question}: .*\.$", said)


def test_a_space_that_is_missing_after_a_colon_is_named_in_a_data_file_and_at_a_prompt(
    template: Path, tmp_path: Path
) -> None:
    """There, YAML has made one name of both words."""
    assert refusal(template, tmp_path, {"functions": {"hello:http": None}}) == (
        'functions: "hello:http" lacks a space after its colon. '
        "Write pairs such as {hello: http, orders: queue}."
    )


@pytest.mark.parametrize("answer", ["[http, queue]", "[ 'http' ,\n queue, ]", "- http\n- queue\n"])
def test_every_way_to_write_a_list_is_understood(
    answer: str, template: Path, tmp_path: Path
) -> None:
    run_copy(str(template), tmp_path / "app", data={"triggers": answer}, defaults=True, quiet=True)
    assert (tmp_path / "app" / "blueprints" / "queue_example.py").is_file()


@pytest.mark.parametrize(
    "answer",
    [
        "{hello: http}",
        "{ hello: http , }",
        "hello: http",
        "hello: http\norders: queue",
        "hello: http\r\norders: queue\r\n",
        "{\n  hello: http,\n  orders: queue,\n}\n",
        "{'hello': \"http\"}",
        '{"hello":"http"}',
    ],
)
def test_every_way_to_write_a_mapping_is_understood(
    answer: str, template: Path, tmp_path: Path
) -> None:
    run_copy(str(template), tmp_path / "app", data={"functions": answer}, defaults=True, quiet=True)
    assert (tmp_path / "app" / "blueprints" / "hello.py").is_file()


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("htp", "http"),
        ("mysqls", "mysql, mysql_input, mysql_output?"),
        ("Timers", "timer?"),
        ("warm-up", "warmup"),
        ("sse", "http_sse?"),
        ("Webhook", "http_webhook?"),
        ("topic", "servicebus_topic, servicebus_topic_output, dapr_topic?"),
    ],
)
def test_kinds_that_a_wrong_one_is_like_are_named(
    kind: str, meant: str, template: Path, tmp_path: Path
) -> None:
    said = refusal(template, tmp_path, {"functions": {"hello": kind}})
    assert f'there is no kind "{kind}". Do you mean {meant}' in said


def test_the_command_line_refuses_and_writes_nothing(template: Path, tmp_path: Path) -> None:
    data = ["--data", "functions={hello: http, hello: queue}"]
    copy = [sys.executable, "-m", "copier", "copy", "--defaults", *data]
    done = run(*copy, template, "app", folder=tmp_path, status=1)
    sentence = 'functions: "hello" is listed twice. Give every function a name of its own.'
    assert done.stderr.splitlines()[-1].endswith(sentence)
    assert list(tmp_path.iterdir()) == []
