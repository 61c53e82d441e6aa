"""Blueprints whose functions the app does not have."""

from pathlib import Path

import pytest

from tests.support.validator import HEALTHY, Find, Plant, find_problems

IMPORTS = "import azure.functions as func\nfrom blueprints import hello, orders\n"


def entry(*lines: str) -> dict[str, str | bytes | None]:
    return {"function_app.py": IMPORTS + "\n".join(["app = func.FunctionApp()", *lines]) + "\n"}


@pytest.mark.parametrize(
    "lines",
    [
        ["app.register_functions(hello.bp)", "app.register_functions(orders.bp)"],
        ["for bp in (hello.bp, orders.bp):", "    app.register_functions(bp)"],
        ["app.register_blueprint(hello.bp)", "other = orders.bp", "app.register_functions(other)"],
        ["list(map(app.register_functions, [hello.bp, orders.bp]))"],
    ],
)
def test_registered_blueprints(lines: list[str], plant: Plant, find: Find) -> None:
    assert find(plant(entry(*lines)), "AF11") == []


def test_blueprints_that_functions_import_under_one_name(plant: Plant) -> None:
    functions = [
        f"def add_{name}():\n    from blueprints.{name} import bp\n    app.register_functions(bp)\n"
        for name in ("hello", "orders")
    ]
    code = "import azure.functions as func\n\napp = func.FunctionApp()\n" + "".join(functions)
    app = plant({"function_app.py": code + "add_hello()\nadd_orders()\n"})
    assert find_problems(app, "AF11") == []


def test_a_blueprint_that_is_imported_but_not_registered(plant: Plant, find: Find) -> None:
    [found] = find(plant(entry("app.register_functions(hello.bp)")), "AF11")
    assert (found.code, found.path, found.line) == ("AF110", "blueprints/orders.py", 5)
    assert "orders" in found.message


def test_a_blueprint_that_a_loop_leaves_out(plant: Plant, find: Find) -> None:
    lines = ["for bp in [hello.bp]:", "    app.register_functions(bp)"]
    [found] = find(plant(entry(*lines)), "AF11")
    assert (found.code, found.path) == ("AF110", "blueprints/orders.py")


def test_a_blueprint_that_a_function_makes_and_returns(plant: Plant, find: Find) -> None:
    factory = """
        import azure.functions as func


        def make():
            blueprint = func.Blueprint()

            @blueprint.route(route="made")
            def made(req: func.HttpRequest) -> str:
                return "made"

            return blueprint
        """
    lines = [
        "from blueprints import factory",
        "app.register_functions(hello.bp)",
        "app.register_functions(orders.bp)",
        "app.register_functions(factory.make())",
    ]
    app = plant({**entry(*lines), "blueprints/factory.py": factory})
    assert find(app, "AF11") == []


def test_a_blueprint_without_functions_need_not_be_registered(plant: Plant, find: Find) -> None:
    empty = "import azure.functions as func\n\nbp = func.Blueprint()\n"
    lines = ["from blueprints import empty", "app.register_functions(hello.bp)"]
    app = plant(
        {**entry(*lines, "app.register_functions(orders.bp)"), "blueprints/empty.py": empty}
    )
    assert find(app, "AF11") == []


def test_a_module_that_is_never_imported(plant: Plant, find: Find) -> None:
    more = """
        import azure.functions as func

        bp = func.Blueprint()


        @bp.route(route="more")
        def more(req: func.HttpRequest) -> str:
            return "more"
        """
    app = plant({"blueprints/more.py": more, "samples/more.py": more})
    [found] = find(app, "AF11")
    assert (found.code, found.path, found.line) == ("AF111", "blueprints/more.py", 3)


def test_modules_that_the_app_may_import_by_computed_names(plant: Plant, find: Find) -> None:
    app = plant(
        {
            "function_app.py": """
                import importlib
                import pkgutil

                import azure.functions as func
                import blueprints

                app = func.FunctionApp()
                for found in pkgutil.iter_modules(blueprints.__path__):
                    module = importlib.import_module(f"blueprints.{found.name}")
                    app.register_functions(module.bp)
                """
        }
    )
    assert find(app, "AF1") == []


def test_a_function_that_is_added_after_the_registration(plant: Plant, find: Find) -> None:
    lines = [
        "app.register_functions(hello.bp)",
        "app.register_functions(orders.bp)",
        "bp = func.Blueprint()",
        "app.register_functions(bp)",
        "",
        "@bp.function_name('late')",
        "@bp.route(route='late')",
        "def late(req: func.HttpRequest) -> str:",
        "    return 'late'",
    ]
    [found] = find(plant(entry(*lines)), "AF11")
    assert (found.code, found.path, found.line) == ("AF112", "function_app.py", 11)
    assert "late" in found.message


def test_a_function_that_another_module_adds_after_the_registration_is_lost(
    plant: Plant, find: Find
) -> None:
    late = """
@hello.bp.route(route="late")
def late(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("late")
"""
    [found] = find(plant({"function_app.py": HEALTHY["function_app.py"] + late}), "AF11")
    assert (found.code, found.path, found.line) == ("AF112", "function_app.py", 10)


HELLO = "app.register_functions(hello.bp)"


@pytest.mark.parametrize(
    "lines",
    [
        ["if os.getenv('ORDERS'):", "    app.register_functions(orders.bp)"],
        ["if not os.getenv('NO'):", "    pass", "else:", "    app.register_functions(orders.bp)"],
        ["os.getenv('ORDERS') and app.register_functions(orders.bp)"],
        ["app.register_functions(orders.bp) if os.getenv('ORDERS') else None"],
        ["while os.getenv('ORDERS'):", "    app.register_functions(orders.bp)"],
        [
            "try:",
            "    int('x')",
            "    app.register_functions(orders.bp)",
            "except ValueError: pass",
        ],
        [
            "def add():",
            "    app.register_functions(orders.bp)",
            "if os.getenv('ORDERS'):",
            "    add()",
        ],
        ["for bp in [orders.bp]:", "    if os.getenv('X'):", "        app.register_functions(bp)"],
        ["[app.register_functions(bp) for bp in [orders.bp] if os.getenv('X')]"],
        ["for bp in filter(lambda bp: False, [orders.bp]):", "    app.register_functions(bp)"],
    ],
)
def test_a_condition_may_leave_a_blueprint_out(lines: list[str], plant: Plant, find: Find) -> None:
    files = entry(HELLO, *lines)
    files["function_app.py"] = f"import os\n{files['function_app.py']!s}"
    assert find(plant(files), "AF11") == []


def test_a_function_that_nothing_calls_registers_nothing(plant: Plant, worker_python: Path) -> None:
    files = entry(HELLO, "def add():", "    app.register_functions(orders.bp)")
    [found] = find_problems(plant(files), "AF11", worker_python)
    assert (found.code, found.path) == ("AF110", "blueprints/orders.py")


WRAPPED = """
    import functools

    import azure.functions as func

    bp = func.Blueprint()


    def caught(f):
        @functools.wraps(f)
        def inner(req: func.HttpRequest) -> func.HttpResponse:
            return f(req)

        return inner


    @bp.route(route="more")
    @caught
    def more(req: func.HttpRequest) -> func.HttpResponse:
        return func.HttpResponse("more")
    """


def test_a_wrapper_of_the_app_hides_no_blueprint(plant: Plant, find: Find) -> None:
    lines = [HELLO, "app.register_functions(orders.bp)"]
    files = {**entry(*lines), "blueprints/more.py": WRAPPED}
    [found] = find(plant(files), "AF11")
    assert (found.code, found.path, found.line) == ("AF111", "blueprints/more.py", 5)
    files = {**entry("from blueprints import more", *lines), "blueprints/more.py": WRAPPED}
    [found] = find(plant(files), "AF11")
    assert (found.code, found.path, found.line) == ("AF110", "blueprints/more.py", 5)
    assert "more" in found.message


def test_a_module_that_an_import_does_not_find_is_not_one_that_nothing_imports(
    plant: Plant, find: Find
) -> None:
    lines = [HELLO, "app.register_functions(orders.bp)", "from shop.more import bp"]
    files = {**entry(*lines, "app.register_functions(bp)"), "src/shop/more.py": WRAPPED}
    assert find(plant(files), "AF11", imports=False) == []


def test_what_version_2_of_durable_functions_adds_to_each_blueprint_is_not_lost(
    plant: Plant, worker_python: Path
) -> None:
    lines = [
        HELLO,
        "app.register_functions(orders.bp)",
        "app.register_functions(func.Blueprint())",
        "class Durable(func.Blueprint):",
        "    def built_in(self):",
        "        @self.function_name('{name}')",
        "        @self.route(route='built-in')",
        "        def built_in(req: func.HttpRequest) -> str:",
        "            return ''",
        "bp = Durable()",
        "app.register_functions(bp)",
        "bp.built_in()",
    ]
    for name, expected in (("BuiltIn__HttpActivity", []), ("another", ["AF112"])):
        files = entry(*[line.replace("{name}", name) for line in lines])
        found = find_problems(plant(files), "AF11", worker_python)
        assert [problem.code for problem in found] == expected


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        ("(hello, blueprints.orders)", []),
        ("[hello]", ["AF110"]),
        ("MODULES", []),
        ("unknown()", []),
    ],
)
def test_a_loop_over_modules(items: str, codes: list[str], plant: Plant) -> None:
    entry = f"""
        import azure.functions as func
        import blueprints.orders
        from blueprints import hello

        MODULES = [hello, blueprints.orders]
        app = func.FunctionApp()
        for module in {items}:
            app.register_functions(module.bp)
        """
    found = find_problems(plant({"function_app.py": entry}), "AF11")
    assert [one.code for one in found] == codes
