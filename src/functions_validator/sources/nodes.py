"""The nodes of syntax trees: what is in them, which names they bind, and what functions assign to names."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

# A function or a method as the sources define it.
Definition = ast.FunctionDef | ast.AsyncFunctionDef
# What is inside of these runs when they are called, or has names of its own.
INNER = {ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef}

# What is not text, as the sources show it.
COLLECTIONS = {
    ast.Dict: "a dict",
    ast.DictComp: "a dict",
    ast.List: "a list",
    ast.ListComp: "a list",
    ast.Tuple: "a tuple",
    ast.Set: "a set",
    ast.SetComp: "a set",
}

# Where a statement has others.
BLOCK_FIELDS = ("body", "handlers", "orelse", "finalbody", "cases")
# The fields that hold statements, of each kind of node that has any.
BLOCKS: Mapping[type, Sequence[str]] = {
    kind: [field for field in kind._fields if field in BLOCK_FIELDS]
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, ast.stmt | ast.excepthandler | ast.mod | ast.match_case)
    if not {*BLOCK_FIELDS}.isdisjoint(kind._fields)
}
# Fields without nodes, and those with operators and contexts, for which nothing looks.
LEAVES = {"arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "level", "lineno"}
LEAVES |= {"module", "op", "ops", "simple", "type_comment"}
CHILDREN: Mapping[type, Sequence[str]] = {
    kind: [field for field in kind._fields if field not in LEAVES]
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and kind is not ast.Constant
}
# The fields with a name that is bound, of each kind of node that always binds one.
NAMING: Mapping[type, str] = {
    ast.arg: "arg",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
    ast.ExceptHandler: "name",
    ast.FunctionDef: "name",
    ast.MatchAs: "name",
    ast.MatchMapping: "rest",
    ast.MatchStar: "name",
}
# All kinds that may bind names: most nodes are of others, and need no closer look.
BINDING = {*NAMING, ast.Name, ast.alias, ast.Global, ast.Nonlocal}
MAY_SKIP = {ast.If, ast.IfExp, ast.BoolOp, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With}
# Python 3.10 has no TryStar.
MAY_SKIP |= {ast.Match, getattr(ast, "TryStar", ast.Try)}
# As `class First[T](Base[T])` has them since Python 3.12.
TYPE_PARAMETERS = [
    kind for name in ("TypeVar", "TypeVarTuple", "ParamSpec") if (kind := getattr(ast, name, None))
]


@lru_cache(maxsize=1024)
def own_nodes(definition: Definition) -> Sequence[ast.AST]:
    """Return what runs in a function itself, without functions and classes inside of it."""
    found: list[ast.AST] = [node for node in definition.body if type(node) not in INNER]
    for node in found:
        found += [child for child in children(node) if type(child) not in INNER]
    return found


def calls_of(definition: Definition) -> Iterator[ast.Call]:
    """Yield the calls that a function makes itself."""
    yield from (node for node in own_nodes(definition) if isinstance(node, ast.Call))


def method_of(call: ast.Call, name: str) -> str:
    """Return the method of an object of this name that is called, or ""."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=owner), attr=method) if owner == name:
            return method
    return ""


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly inside a node, without operators and contexts."""
    found: list[ast.AST] = []
    for field in CHILDREN.get(type(node), ()):
        value = getattr(node, field, None)
        if not value:
            continue
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """Return a node and all that is in it, in the order of ast.walk, but no operators and contexts.

    This takes half as long as ast.walk.
    """
    found = [node]
    for one in found:
        found += children(one)
    return found


def position(node: ast.expr | ast.stmt) -> tuple[int, int]:
    """Return the line and the column of a node, by which nodes are sorted."""
    return node.lineno, node.col_offset


def may_skip(node: ast.AST) -> bool:
    """Whether what is in a node may not run, or may fail without harm."""
    return type(node) in MAY_SKIP


def shows_arguments(call: ast.Call) -> bool:
    """Whether a call shows all its arguments, without `*arguments` and `**options`."""
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    return not starred and all(keyword.arg for keyword in call.keywords)


def named_arguments(call: ast.Call, names: Sequence[str]) -> dict[str, ast.expr]:
    """Return the arguments of a call by their names; those without one have the `names`, in order."""
    given = dict(zip(names, call.args, strict=False))
    return given | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def callee(node: ast.expr) -> ast.expr:
    """Return what a call calls, or any other expression itself, as decorators may be either."""
    return node.func if isinstance(node, ast.Call) else node


def first_name(node: ast.expr) -> ast.Name | None:
    """Return the name that an expression such as `os.path.join` begins with; None if it begins otherwise."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def keyed_values(node: ast.Dict) -> Sequence[ast.expr]:
    """Return the values that a dict gives to keys, without what `**` unpacks into it."""
    return [value for key, value in zip(node.keys, node.values, strict=True) if key is not None]


def text_of(node: ast.AST | None) -> str | None:
    """Return the text that an expression is; None for any other, also for one that makes a text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
    return None


def is_none(node: ast.AST | None) -> bool:
    """Whether an expression is None as it is written."""
    return isinstance(node, ast.Constant) and node.value is None


def suppresses(statement: ast.With | ast.AsyncWith) -> bool:
    """Whether a `with` hides exceptions, as `contextlib.suppress` does."""
    return any(
        ast.unparse(item.context_expr).partition("(")[0].endswith("suppress")
        for item in statement.items
    )


def catches(handler: ast.ExceptHandler, errors: set[str]) -> bool:
    """Whether a handler takes one of the errors, which have names of Python itself, or every error."""
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(node, ast.Name) and node.id in errors for node in caught)


def reads_of(node: ast.AST, name: str) -> list[ast.Name]:
    """Return where a name is read inside a node, also in functions inside of it."""
    names = (part for part in walk(node) if isinstance(part, ast.Name) and part.id == name)
    return [part for part in names if isinstance(part.ctx, ast.Load)]


def is_generator(definition: Definition) -> bool:
    """Whether a call of a function makes a generator."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(definition))


def returned_function(definition: Definition) -> Definition | None:
    """Return the function inside of another that this one returns at its end, and defines once."""
    match definition.body[-1]:
        case ast.Return(value=ast.Name(id=name)):
            inner = [node for node in definition.body if isinstance(node, Definition)]
            found = [node for node in inner if node.name == name]
            return found[0] if found and times_bound(definition, name) == 1 else None
    return None


def has_statements(node: ast.AST) -> bool:
    """Whether there may be statements inside a statement."""
    return type(node) in BLOCKS


def statements(node: ast.AST) -> list[ast.AST]:
    """Return the statements directly inside a statement or a module, and also its handlers and cases."""
    return [child for block in BLOCKS.get(type(node), ()) for child in getattr(node, block)]


def targets(assignment: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> Sequence[ast.expr]:
    """Return what an assignment assigns to."""
    return assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]


def assigned_values(definition: Definition, name: str) -> list[ast.expr]:
    """Return what the assignments of a function itself give to a name."""
    return [*_assignments(definition).get(name, ())]


@lru_cache(maxsize=1024)
def _assignments(definition: Definition) -> Mapping[str, Sequence[ast.expr]]:
    """Return the names that a function itself assigns to, with their values."""
    found: dict[str, list[ast.expr]] = {}
    for node in own_nodes(definition):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            for target in targets(node):
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def only_value(definition: Definition, name: str) -> ast.expr | None:
    """Return what a function assigns to a name of its own, if nothing else binds the name."""
    values = assigned_values(definition, name)
    if len(values) != 1:
        return None  # It takes longer to look at what is inside of the functions in this one.
    return values[0] if times_bound(definition, name) == 1 else None


def value_meant(definition: Definition, node: ast.expr) -> ast.expr:
    """Return the only value of a variable of a function, or any other expression itself."""
    return (only_value(definition, node.id) or node) if isinstance(node, ast.Name) else node


def entered_values(
    definition: Definition, name: str, kinds: Collection[type[ast.AST]] = (ast.With, ast.AsyncWith)
) -> list[ast.expr]:
    """Return what the `with` of a function, or of those inside of it, binds to a name."""
    return [
        item.context_expr
        for node in walk(definition)
        if isinstance(node, ast.With | ast.AsyncWith) and type(node) in kinds
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == name
    ]


def all_values(definition: Definition, name: str) -> list[ast.expr]:
    """Return all that a function assigns to a name of its own; none if it may get its value otherwise."""
    values = assigned_values(definition, name)
    return values if values and len(values) == times_bound(definition, name) else []


def times_bound(around: Definition | ast.Module, name: str) -> int:
    """Return how often a function or a module, or what is inside of it, binds a name."""
    return _times_bound(around)[name]


@lru_cache(maxsize=1024)
def _times_bound(around: Definition | ast.Module) -> Counter[str | None]:
    nodes = (node for node in walk(around) if type(node) in BINDING)
    return Counter(name for node in nodes for name in bound_by(node))


def binds(node: ast.AST, name: str) -> bool:
    """Whether a node itself binds a name."""
    return type(node) in BINDING and name in bound_by(node)


def bound_by(node: ast.AST) -> Sequence[str | None]:
    """Return the names that a node itself binds; None stands for one that is optional and not there."""
    if isinstance(node, ast.Global | ast.Nonlocal):
        return node.names
    return (bound_name(node),)


def bound_name(node: ast.AST) -> str | None:
    """Return the one name that a node itself binds or deletes, if it does."""
    # Asked first, since most nodes are names that are read.
    if isinstance(node, ast.Name):
        return None if isinstance(node.ctx, ast.Load) else node.id
    if isinstance(node, ast.alias):
        return imported_name(node)
    field = NAMING.get(type(node))
    name: str | None = getattr(node, field) if field else None
    return name


def imported_name(alias: ast.alias) -> str:
    """Return the name that a part of an import binds: `os` for `os.path`."""
    return alias.asname or alias.name.partition(".")[0]
