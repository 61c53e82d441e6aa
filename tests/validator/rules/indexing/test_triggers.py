"""Triggers, names and decorators of functions."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Find, Plant, find_problems


def test_a_function_without_a_trigger_is_found(plant: Plant, find: Find) -> None:
    app = plant(
        {
            "blueprints/hello.py": """
                import azure.functions as func

                bp = func.Blueprint()


                @bp.queue_output(arg_name="out", queue_name="q", connection="OrdersStorage")
                def hello(out: func.Out[str]) -> None:
                    out.set("x")
                """
        }
    )
    assert [found.code for found in find(app, "AF116")] == ["AF116"]


@pytest.mark.parametrize(
    "decorator", ["function_name('x')", "retry('fixed_delay', '3', '00:00:10')"]
)
def test_a_decorator_that_makes_no_binding_is_not_a_trigger(
    decorator: str, plant: Plant, find: Find
) -> None:
    source = f"import azure.functions as func\n\nbp = func.Blueprint()\n\n\n@bp.{decorator}\ndef hello() -> None: ..."
    [found] = find(plant({"blueprints/hello.py": source}), "AF1")
    assert (found.code, found.path, found.line) == ("AF116", "blueprints/hello.py", 7)


@pytest.mark.parametrize("type_", ['"queueTriger"', "TYPE"])
def test_a_generic_trigger_is_a_trigger_whatever_its_type(
    type_: str, plant: Plant, find: Find
) -> None:
    source = HEALTHY["blueprints/orders.py"].replace(
        'queue_trigger(arg_name="message",', f'generic_trigger(arg_name="message", type={type_},'
    )
    source = source.replace("bp = ", 'TYPE = "".join(["queue", "Trigger"])\nbp = ', 1)
    assert find(plant({"blueprints/orders.py": source}), "AF116") == []


def test_a_function_with_two_triggers_is_found(plant: Plant, find: Find) -> None:
    app = plant(
        {
            "blueprints/hello.py": """
                import azure.functions as func

                bp = func.Blueprint()


                @bp.route(route="hello")
                @bp.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
                def hello(req: func.HttpRequest, timer: func.TimerRequest) -> str:
                    return "x"
                """
        }
    )
    assert [found.code for found in find(app, "AF1", imports=False)] == ["AF117"]


def test_two_triggers_of_one_kind_are_reported_once(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace("@bp", '@bp.route(route="other")\n@bp')
    found = find(plant({"blueprints/hello.py": source}), imports=False)
    assert [one.code for one in found] == ["AF117"]


@pytest.mark.parametrize(
    "line", ["app.register_blueprint(hello.bp)", "app.register_functions(hello.bp)"]
)
def test_a_blueprint_that_is_registered_twice(line: str, plant: Plant, find: Find) -> None:
    [found] = find(plant({"function_app.py": HEALTHY["function_app.py"] + line + "\n"}))
    assert (found.code, found.path, found.line) == ("AF118", "function_app.py", 8)
    assert found.message.startswith("Line 6 registers this blueprint already")


def test_a_function_that_a_loop_adds_twice(plant: Plant, worker_python: Path) -> None:
    line = "for one in (hello.bp, hello.bp):\n    app.register_functions(one)\n"
    source = HEALTHY["function_app.py"].replace("app.register_functions(hello.bp)\n", line)
    [found] = find_problems(plant({"function_app.py": source}), "AF", worker_python)
    assert (found.code, found.message) == ("AF118", "The app has the function hello twice.")


@pytest.mark.parametrize("route", ['@bp.route(route="other")', "@bp.route()", '@bp.route("hello")'])
@pytest.mark.parametrize("name", ["hello", "Hello"])
def test_a_name_in_two_blueprints_is_found(name: str, route: str, plant: Plant, find: Find) -> None:
    app = plant(
        {
            "blueprints/orders.py": f"""
                import azure.functions as func

                bp = func.Blueprint()


                {route}
                def {name}(req: func.HttpRequest) -> str:
                    return "x"
                """
        }
    )
    [found] = [one for one in find(app) if one.code[:3] in ("AF1", "AF2")]
    assert found.code == "AF118"
    assert (found.path, found.line) == ("blueprints/orders.py", 7)
    assert "blueprints/hello.py:7" in found.message


def test_a_decorator_that_is_not_called_is_found(plant: Plant, find: Find) -> None:
    source = HEALTHY["blueprints/hello.py"].replace('(route="hello", methods=["GET"])', "")
    [found] = find(plant({"blueprints/hello.py": source}), "AF119")
    assert (found.path, found.line) == ("blueprints/hello.py", 6)


def test_the_line_of_a_function_without_trigger_is_the_same_in_both_ways(
    plant: Plant, find: Find
) -> None:
    source = """
        import azure.functions as func

        bp = func.Blueprint()


        @bp.function_name("hello")
        @bp.queue_output(arg_name="out", queue_name="q", connection="OrdersStorage")
        def hello(out: func.Out[str]) -> None:
            out.set("x")
        """
    [found] = find(plant({"blueprints/hello.py": source}), "AF116")
    assert (found.path, found.line) == ("blueprints/hello.py", 8)


WRAPPED = """
import functools

import azure.functions as func

bp = func.Blueprint()


def signed_in(call):
    def inner(req):
        return call(req)

    return inner


def role(name):
    def decorate(call):
        def inner(req):
            return call(req) if name in req.headers else ""

        return inner

    return decorate


@bp.route(route="orders")
@{0}
def orders(req: func.HttpRequest) -> str:
    return ""


@bp.route(route="stock")
@{0}
def stock(req: func.HttpRequest) -> str:
    return ""
"""


@pytest.mark.parametrize(("decorator", "line"), [("signed_in", 9), ('role("x")', 17)])
def test_a_wrapper_that_gives_two_functions_its_name(
    decorator: str, line: int, plant: Plant, find: Find
) -> None:
    [found] = find(plant({"blueprints/orders.py": WRAPPED.format(decorator)}), "AF1")
    assert (found.code, found.path, found.line) == ("AF118", "blueprints/orders.py", line)
    assert found.message == "orders and stock both have the name of inner, which wraps them."
    assert found.fix == "Write @functools.wraps(...) above inner."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    def inner", "    @functools.wraps(call)\n    def inner"),
        ("    return inner", "    inner.__name__ = call.__name__\n    return inner"),
        ("    return inner", "    functools.update_wrapper(inner, call)\n    return inner"),
        ("    return inner", "    setattr(inner, '__name__', call.__name__)\n    return inner"),
        ("return inner", "return functools.wraps(call)(inner)"),
        ('@bp.route(route="stock")', '@bp.function_name("stock")\n@bp.route(route="stock")'),
    ],
)
def test_wrapped_functions_with_names_of_their_own(
    old: str, new: str, plant: Plant, find: Find
) -> None:
    source = WRAPPED.format("signed_in").replace(old, new, 1)
    assert find(plant({"blueprints/orders.py": source}), "AF1") == []
