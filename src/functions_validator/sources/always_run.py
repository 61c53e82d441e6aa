"""What certainly runs of the code of a function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from .nodes import INNER, children, has_statements, suppresses, walk

# Expressions of which a part may not run.
MAYBE = (
    *(ast.BoolOp, ast.IfExp, ast.Lambda),
    *(ast.DictComp, ast.GeneratorExp, ast.ListComp, ast.SetComp),
)
ENDS = (ast.Assert, ast.Raise, ast.Return)


def always_run(
    statements: Sequence[ast.stmt], may_pass: Callable[[ast.stmt], bool] = lambda _: False
) -> Iterator[ast.AST]:
    """Yield what certainly runs of a block, up to the first statement in which the function may end.

    `may_pass` says of which statements that does not count.
    """
    # A `return` in a function inside of this one does not end it.
    for statement in (one for one in statements if type(one) not in INNER):
        waiting: list[ast.AST] = []
        if isinstance(statement, ast.With) and not suppresses(statement):
            waiting += [item.context_expr for item in statement.items]
            yield from always_run(statement.body, may_pass)
        elif not has_statements(statement):
            waiting.append(statement)
        for node in waiting:
            if not isinstance(node, MAYBE):
                yield node
                waiting += children(node)
        if any(isinstance(node, ENDS) for node in walk(statement)) and not may_pass(statement):
            return
