"""Variables of `except ... as name` that functions read outside of its block."""

import textwrap

import pytest

from tests.support.validator import Find, Plant
from tests.validator.rules.functions.test_undefined import app

LATE = "    try:\n        run()\n    except OSError as e:\n        pass\n"
TOP = "from contextlib import suppress; from json import dump as run"
INNER = "    try:\n        run()\n    except ValueError:\n        print(e)\n"


@pytest.mark.parametrize(
    ("body", "line", "fix"),
    [
        (
            "try:\n    run()\nexcept OSError as e:\n    pass\nprint(e)",
            12,
            "Use it in that block, or assign ",
        ),
        (
            "try:\n    run()\nexcept OSError:\n    print(e)\nexcept ValueError as e:\n    print(e)",
            11,
            'Write "except OSError as e".',
        ),
        (
            "try:\n    run()\nexcept OSError as e:\n    print(e)\nexcept ValueError as error:\n    print(e)",
            13,
            "Write error instead.",
        ),
        (
            "try:\n    run()\nexcept ValueError as e:\n    print(e)\nfinally:\n    print(e)\n    print(e)",
            13,
            "Use it in that block, or assign ",
        ),
        (
            "try:\n    run()\nexcept ValueError as e:\n    print(e)\nexcept:\n    print(e)",
            13,
            'Write "except Exception as e".',
        ),
        (f"try:\n    run()\nexcept ValueError:\n{LATE}    print(e)", 15, "Use it in that block, "),
        (
            f"try:\n    run()\nexcept KeyError as other:\n{INNER}except OSError as e:\n    pass",
            14,
            'Write "except ValueError as e".',
        ),
        (
            "try:\n    run()\nexcept* OSError as e:\n    pass\nexcept* ValueError:\n    print(e)",
            13,
            "Use it in that block, ",
        ),
        (f"for one in 'ab':\n{LATE}raise e", 13, "Use it in that block, "),
        (f"while True:\n{LATE}    break\nraise e", 14, "Use it in that block, "),
        (
            f"while True:\n    for one in 'ab':\n        pass\n    else:\n        break\n{LATE}raise e",
            17,
            "Use it in that block, ",
        ),
        (
            f"for one in 'ab':\n{LATE}    if req:\n        raise ValueError\n    break\nraise e",
            16,
            "Use it in that block, ",
        ),
        (
            f"for one in 'ab':\n{LATE}    if req:\n        raise ValueError\nprint(e)",
            15,
            "Use it in that block, ",
        ),
        ("try:\n    return run()\nexcept OSError as e:\n    pass\nraise e", 12, "Use it in that"),
        (
            f"if req:\n{LATE}with suppress(OSError):\n    return run()\nraise e",
            15,
            "Use it in that",
        ),
        (
            f"with open('x'):\n{LATE}    if req:\n        return None\nraise e",
            15,
            "Use it in that block, ",
        ),
    ],
)
def test_variables_of_except_outside_of_it(
    body: str, line: int, fix: str, plant: Plant, find: Find
) -> None:
    [found] = find(plant(app(body, TOP)), "AF250")
    assert (found.code, found.line) == ("AF250", line)
    assert found.message == "e has a value only in the block of its except, so this line fails."
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    run()\nexcept OSError as e:\n    print(e)\nexcept ValueError as e:\n    print(e)",
        "e = None\ntry:\n    run()\nexcept OSError as e:\n    pass\nprint(e)",
        "try:\n    run()\nexcept OSError as e:\n    print(lambda: e)",
        "try:\n    run()\nexcept OSError as e:\n    pass\nprint([e for e in '12'])",
        "def show():\n    print(e)\ntry:\n    run()\nexcept OSError as e:\n    show()",
        "global e\ntry:\n    run()\nexcept OSError as e:\n    pass\nprint(e)",
        "try:\n    run()\nexcept OSError as e:\n    pass\nif 'e' in locals():\n    print(e)",
        "try:\n    run()\nexcept OSError as e:\n    raise\n    print(e)\ntry:\n    print(e)\nexcept Exception:\n    raise",
        f"if req:\n{LATE}x: e = 1",
        f"try:\n    print(1)\nexcept NameError:\n    run()\nif req:\n{LATE}print(e)",
        f"def show():\n{LATE}show()\nprint(e)",
        f"while False:\n{LATE}    print(e)",
        f"while True:\n    for one in 'ab':\n        break\n{LATE}else:\n    print(e)\nraise e",
        f"for one in itertools.count():\n{LATE}raise e",
        f"for one in 'ab':\n{LATE}    if req:\n        raise ValueError\nprint(e)\nraise OSError from e",
        f"for one in 'ab':\n{LATE}    if req:\n        raise ValueError\nelse:\n    raise e",
        f"if req:\n{LATE}    return None\nelse:\n    raise ValueError\nprint(e)",
        "try:\n    return run()\nexcept OSError as e:\n    raise ValueError\nraise e",
        f"if req:\n{LATE}try:\n    print(1)\nfinally:\n    raise ValueError\nprint(e)",
        f"if req:\n{LATE}with open('x'):\n    return None\nprint(e)",
    ],
)
def test_variables_of_except_that_may_have_a_value(body: str, plant: Plant, find: Find) -> None:
    top = "import itertools\nfrom json import dump as run\n\ne = 1"
    assert find(plant(app(body, top)), "AF250") == []


def test_the_except_around_a_function_does_not_help(plant: Plant, find: Find) -> None:
    show = textwrap.indent(f"def show():\n{LATE}    print(e)\n", "    ")
    top = f"from json import dump as run\ntry:\n    print()\nexcept OSError as error:\n{show}"
    [found] = find(plant(app("", top)), "AF250")
    assert found.fix.startswith("Use it in that block, ")
