"""Values that an output gets one by one in a loop, and blobs that cannot go back to their start."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import contextlib, io, itertools
import json
import zipfile
from typing import List

import azure.functions as func

bp = func.Blueprint()


@bp.queue_trigger("msg", "orders", "OrdersStorage")
@bp.blob_input("blob", "in/a", "OrdersStorage")
@bp.{output}
def orders(msg: func.QueueMessage, blob: func.InputStream, out: func.Out[{type}]) -> None:
    import openpyxl
    import pandas as pd

    items = msg.get_json()
    found: List[str] = []
    flag = False
{body}
"""
QUEUE = 'queue_output("out", "invoices", "OrdersStorage")'
COSMOS = 'cosmos_db_output("out", "shop", "orders", "OrdersDb")'
BLOB = 'blob_output("out", "in/b", "OrdersStorage")'


def app(body: str, output: str = QUEUE, type_: str = "str") -> Files:
    """Return an app whose function has a body that begins on line 21."""
    source = SOURCE.format(output=output, type=type_, body=textwrap.indent(body, "    "))
    requirements = "azure-functions\nopenpyxl\npandas\n"
    return {"blueprints/orders.py": source, "requirements.txt": requirements}


@pytest.mark.parametrize(
    ("body", "output", "type_", "line", "fix"),
    [
        ("for item in items:\n    out.set(item)", QUEUE, "str", 22, "a list."),
        ("for item in items:\n    out.set(json.dumps(item))", QUEUE, "str", 22, "a list."),
        ("for item in items:\n    out.set(f'x{item}')", QUEUE, "str", 22, "a list."),
        ("for n, item in enumerate(items):\n    out.set(item['id'])", QUEUE, "str", 22, "a list."),
        ("for item in items.get('a', []):\n    out.set(item)", QUEUE, "str", 22, "a list."),
        ("for item in ['a', 'b']:\n    out.set(item)", QUEUE, "str", 22, "a list."),
        ("for item in [n for n in items]:\n    out.set(item)", QUEUE, "str", 22, "a list."),
        ("for item in items:\n    out.set(item.strip())", QUEUE, "str", 22, "a list."),
        ("for item in items['a']:\n    out.set(item)", QUEUE, "str", 22, "a list."),
        (
            "for item in items:\n    a = item['a']\n    text = json.dumps({'a': a})\n    out.set(text)",
            QUEUE,
            "str",
            24,
            "a list.",
        ),
        (
            "for item in items:\n    try:\n        out.set(item)\n    except OSError:\n        print(1)",
            QUEUE,
            "str",
            23,
            "a list.",
        ),
        (
            "if items:\n    for item in items:\n        print(item)\n        out.set(str(item))",
            QUEUE,
            "str",
            24,
            "a list.",
        ),
        (
            "for item in items:\n    out.set(func.Document.from_dict(item))",
            COSMOS,
            "func.Document",
            22,
            "a func.DocumentList.",
        ),
    ],
)
def test_only_the_last_value_is_written(
    body: str, output: str, type_: str, line: int, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body, output, type_)), "AF241")
    assert (found.path, found.line) == ("blueprints/orders.py", line)
    assert (
        found.message
        == "Each out.set replaces the value before it, so only the last one is written."
    )
    assert found.fix == f"Write out.set(...) once below the loop, with {fix}"


@pytest.mark.parametrize(
    ("body", "output"),
    [
        ("out.set([str(item) for item in items])", QUEUE),
        ("for item in items:\n    found.append(item)\nout.set(found)", QUEUE),
        ("for item in items:\n    found.append(item)\n    out.set(found)", QUEUE),
        ("for item in items:\n    out.set(json.dumps([*found, item]))", QUEUE),
        ("for item in items:\n    out.set(item)\n    break", QUEUE),
        ("for item in items:\n    if item:\n        out.set(item)", QUEUE),
        ("for item in items:\n    if not item:\n        continue\n    out.set(item)", QUEUE),
        ("for item in items:\n    out.set(item)\n    if item:\n        return", QUEUE),
        ("for item in items[:1]:\n    out.set(item)", QUEUE),
        ("for item in items:\n    out.set('x')", QUEUE),
        ("for item in items:\n    out.set(json.dumps(items))", QUEUE),
        ("for item in items:\n    flag = flag or item\n    out.set(str(flag))", QUEUE),
        ("for out in items:\n    out.set(out)", QUEUE),
        ("for item in items:\n    item.set(item)", QUEUE),
        ("for item in items:\n    out.set(item)", BLOB),
        ("for item in {'a': [items]}['a']:\n    out.set(json.dumps(item))", QUEUE),
        ("for item in items[0]:\n    out.set(item)", QUEUE),
        ("for item in items:\n    text = f'{found}{item}'\n    out.set(text)", QUEUE),
        ("text = ''\nfor item in items:\n    text = text + item\n    out.set(text)", QUEUE),
        ("for item in [items]:\n    out.set(json.dumps(item))", QUEUE),
        ("one = [items]\nfor item in one:\n    out.set(json.dumps(item))", QUEUE),
        ("some = items[:1]\nfor item in some:\n    out.set(item)", QUEUE),
        ("items = items[:1]\nfor item in items:\n    out.set(item)", QUEUE),
        ("for n in range(1):\n    out.set(str(n))", QUEUE),
        ("for item in [one for one in items if one == 'a']:\n    out.set(item)", QUEUE),
        ("one = {'a': items}\nfor item in one.values():\n    out.set(item)", QUEUE),
        ("for item in sorted(items):\n    out.set(item)", QUEUE),
        ("for item in filter(None, items):\n    out.set(item)", QUEUE),
        ("for total in itertools.accumulate(items):\n    out.set(total)", QUEUE),
        ("for item in items:\n    out.set(item)\nout.set(items)", QUEUE),
        ("for item in items:\n    out.set(json.dumps([out.get(), item]))", QUEUE),
        ("for item in items:\n    out.set(found.joined(item))", QUEUE),
        ("for item in items:\n    item = f'{found}{item}'\n    out.set(item)", QUEUE),
        ("for item in items:\n    out.set(item)\n    raise ValueError(item)", QUEUE),
        ("for items[0] in items:\n    out.set(str(items[0]))", QUEUE),
        ("for item in items:\n    out.set(flag(item))", QUEUE),
        ("while items:\n    out.set(items.pop())", QUEUE),
        ("out.set(str(items))", QUEUE),
    ],
)
def test_values_that_are_all_written(body: str, output: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(body, output)), "AF241") == []


@pytest.mark.parametrize("called", ["hello", "again.hello"])
def test_a_function_of_the_app_may_keep_the_values(called: str, plant: Plant, find: Find) -> None:
    files = app(f"for item in items:\n    out.set({called}(item))")
    imports = (
        "import json\nfrom blueprints import hello as again\nfrom blueprints.hello import hello\n"
    )
    source = str(files["blueprints/orders.py"]).replace("import json\n", imports)
    assert find(plant({**files, "blueprints/orders.py": source}), "AF241") == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("blob.seek(0)", "blob.seek"),
        ("print(blob.tell())", "blob.tell"),
        ("zipfile.ZipFile(blob)", "zipfile.ZipFile"),
        ("with zipfile.ZipFile(blob, 'r') as file:\n    print(file)", "zipfile.ZipFile"),
        ("frame = pd.read_excel(blob, sheet_name='a')", "pandas.read_excel"),
        ("book = openpyxl.load_workbook(blob)", "openpyxl.load_workbook"),
    ],
)
def test_a_blob_cannot_seek(body: str, what: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(app(body)), "AF241")
    assert (found.path, found.line) == ("blueprints/orders.py", 21)
    assert found.message == f"{what} fails, since blob can only be read from its start to its end."
    assert found.fix == "Use io.BytesIO(blob.read())."


@pytest.mark.parametrize(
    "body",
    [
        "zipfile.ZipFile(io.BytesIO(blob.read()))",
        "pd.read_csv(blob)",
        "file = io.BytesIO(blob.read())\nfile.seek(0)",
        "blob = io.BytesIO(blob.read())\nblob.seek(0)",
        "blob = io.BytesIO(blob.read())\nzipfile.ZipFile(blob)",
        "if blob.seekable():\n    blob.seek(0)",
        "try:\n    blob.seek(0)\nexcept io.UnsupportedOperation:\n    pass",
        "try:\n    blob.seek(0)\nexcept ValueError:\n    pass",
        "try:\n    blob.seek(0)\nexcept IOError:\n    pass",
        "with contextlib.suppress(Exception):\n    blob.seek(0)",
        "for line in io.TextIOWrapper(blob):\n    print(line)",
        "print(blob.read(10), blob.readline(), blob.readable())",
    ],
)
def test_a_blob_is_read_in_order(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(app(body)), "AF241") == []
