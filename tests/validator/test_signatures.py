"""AF113 to AF115: what the worker rejects in a signature."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.catalogue import ROOT
from tests.support.validator import Judged, Plant

SIGNATURES = ROOT / "src" / "functions_validator" / "indexing" / "worker_signatures.py"


def verdicts(python: Path) -> dict[str, tuple[str | None, bool | None]]:
    """Return, for each of thousands of signatures, why we reject it and whether the worker does."""
    script = Path(__file__).with_name("every_signature.py")
    done = subprocess.run(
        [python, "-B", script, SIGNATURES], capture_output=True, text=True, check=True
    )
    return {title: (why, rejects) for title, (why, rejects) in json.loads(done.stdout).items()}


def test_our_rules_reject_what_the_worker_rejects(worker_python: Path) -> None:
    found = verdicts(worker_python)
    differing = [title for title, (why, rejects) in found.items() if bool(why) != rejects]
    assert differing == []
    assert len({rejects for _, rejects in found.values()}) == 2


def test_our_rules_are_the_same_where_there_is_no_worker(
    environment: Callable[[str], Path], worker_python: Path
) -> None:
    judged, expected = verdicts(environment("3.12")), verdicts(worker_python)
    assert {title: bool(why) for title, (why, _) in judged.items()} == {
        title: bool(why) for title, (why, _) in expected.items()
    }


def orders(signature: str, imports: str = "") -> dict[str, str]:
    """Return a blueprint of a queue-triggered function with a queue output."""
    return {
        "blueprints/orders.py": f"""
            import typing

            import azure.functions as func
            {imports}
            bp = func.Blueprint()


            @bp.queue_trigger(arg_name="message", queue_name="orders", connection="OrdersStorage")
            @bp.queue_output(arg_name="invoice", queue_name="invoices", connection="OrdersStorage")
            def orders({signature}:
                invoice.set("")
            """
    }


@pytest.mark.parametrize(
    "signature",
    [
        "message: func.QueueMessage, invoice: func.Out[str]) -> None",
        'message: "func.QueueMessage", invoice: "func.Out[str]") -> None',
        "message, invoice)",
        "message: str, invoice: func.Out[typing.List[str]], context: func.Context) -> None",
        "invoice: func.Out[bytes], message: func.QueueMessage) -> int | None",
    ],
)
def test_signatures_that_the_worker_takes(signature: str, plant: Plant, judged: Judged) -> None:
    assert judged(plant(orders(signature)), "AF11") == []


@pytest.mark.parametrize(
    ("signature", "code", "words"),
    [
        ("message: func.QueueMessage, invoice: func.Out[list[str]])", "AF114", "list[str]"),
        ("message: func.QueueMessage | None, invoice: func.Out[str])", "AF114", "None"),
        ("message: typing.Optional[func.QueueMessage], invoice: func.Out[str])", "AF114", "Opt"),
        ("message: func.QueueMessage, invoice: str)", "AF114", "func.Out"),
        ("message: func.Out[str], invoice: func.Out[str])", "AF114", "input"),
        ("msg: func.QueueMessage, invoice: func.Out[str])", "AF113", '"msg"'),
        ("message: func.QueueMessage, invoice: func.Out[str], more: int = 1)", "AF113", '"more"'),
    ],
)
def test_signatures_that_it_rejects(
    signature: str, code: str, words: str, plant: Plant, judged: Judged
) -> None:
    found = judged(plant(orders(signature)), "AF11")
    assert {(finding.code, finding.path) for finding in found} == {(code, "blueprints/orders.py")}
    assert any(words in finding.message for finding in found)


def test_a_type_that_is_imported_for_checking_only_is_rejected(
    plant: Plant, judged: Judged
) -> None:
    imports = "if typing.TYPE_CHECKING:\n                from decimal import Decimal\n"
    files = orders('message: "Decimal", invoice: func.Out[str])', imports)
    [found] = judged(plant(files), "AF11")
    assert (found.code, found.path) == ("AF114", "blueprints/orders.py")


def test_a_return_annotation_that_http_cannot_have_is_rejected(
    plant: Plant, judged: Judged
) -> None:
    app = plant(
        {
            "blueprints/hello.py": """
                import azure.functions as func

                bp = func.Blueprint()


                @bp.route(route="hello")
                def hello(req: func.HttpRequest) -> None:
                    return None
                """
        }
    )
    [found] = judged(app, "AF11")
    assert (found.code, found.line) == ("AF114", 7)
