"""An app with a function whose signature tests choose, and where the rules of the worker are."""

from hooks.catalogue import ROOT

SIGNATURES = ROOT / "src" / "functions_validator" / "indexing" / "child" / "worker_signatures.py"


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
