"""What the Functions worker rejects in a function's signature. Runs in the app's own interpreter.

It follows azure-functions-runtime 1.3, so that the results are the same on a Python without it.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, MethodType, SimpleNamespace
from typing import Any

OUT = 1
NO_FUNCTION = "and not a function"
WORKER = "azure_functions_runtime"

# The types of `List[str]` and `List`.
ALIASES = (type(typing.Iterable[str]), type(typing.Iterable))
GENERIC: Any = typing.Generic


@dataclass(frozen=True)
class Rejection:
    """Why the worker rejects a function: the kind of mistake, and the parameter ("" for none)."""

    kind: str
    parameter: str
    message: str


class Worker:
    """Finds what the worker rejects, with the worker's own code if it is installed."""

    def __init__(self) -> None:
        try:
            _add_bare_package(WORKER)
            functions = importlib.import_module(f"{WORKER}.functions")
            meta = importlib.import_module(f"{WORKER}.bindings.meta")
            meta.load_binding_registry()
            self.registry: Any = functions.Registry()
        except Exception:  # noqa: BLE001, another version of the library
            self.registry = None

    @property
    def has_worker(self) -> bool:
        """Whether the worker's code is installed."""
        return self.registry is not None

    def rejections_of(self, function: Any) -> list[dict[str, str]]:
        """Return why a function is rejected: all that the worker would name one after the other."""
        described = [dict(vars(why)) for why in rejections_of(function)]
        if self.registry is None:
            return described
        protos = SimpleNamespace(BindingInfo=SimpleNamespace(out=1, inout=2, undefined=0))
        try:
            self.registry.add_indexed_function(function=function, protos=protos)
        except RuntimeError as error:
            return described or [{"kind": "worker", "parameter": "", "message": str(error)}]
        except Exception:  # noqa: BLE001, another version of the library
            return described
        return []


def _add_bare_package(name: str) -> None:
    """Make the modules of a package importable without its `__init__`, which imports many that are not needed."""
    spec = None if name in sys.modules else importlib.util.find_spec(name)
    if spec:
        sys.modules[name] = importlib.util.module_from_spec(spec)


def rejections_of(function: Any) -> Iterator[Rejection]:
    """Yield why the worker rejects a function as azure.functions built it; it names only the first itself."""
    user_function = function.get_user_function()
    if why := _other_object(user_function):
        yield Rejection("worker", "", why)
        return
    parameters = list(inspect.signature(user_function).parameters)
    try:
        annotations = typing.get_type_hints(user_function)
    except Exception as error:  # noqa: BLE001, whatever an annotation raises
        yield Rejection("annotation", "", f"the annotations cannot be read: {error}")
        return
    bound = {b.name: b for b in function.get_bindings() if b.name != "$return"}
    if "context" in parameters and "context" not in bound:
        parameters.remove("context")
        if _is_other_context(annotations.get("context")):
            yield Rejection("annotation", "context", "it must be azure.functions.Context")
    unbound = [name for name in parameters if name not in bound]
    if len(unbound) == 1 and _is_settlement_client(annotations.get(unbound[0])):
        parameters.remove(unbound.pop())
    for name in unbound:
        yield Rejection("parameters", name, "no trigger or binding has this name")
    for name in bound:
        if name not in parameters:
            yield Rejection("parameters", name, "the function has no parameter with this name")
    found = [
        _rejection_of_parameter(name, bound[name], annotations[name])
        for name in parameters
        if name in annotations and name in bound
    ]
    yield from filter(None, [*found, _rejection_of_return(function, annotations)])


def _other_object(user_function: Any) -> str | None:
    """Return what an object is that is not a function; None for a function."""
    if isinstance(user_function, staticmethod):
        return "it is a static method"
    # The worker asks inspect.getfile, which takes nothing else.
    if isinstance(user_function, (FunctionType, MethodType, type)):
        return None
    return f"it is an object of the class {type(user_function).__name__}, {NO_FUNCTION}"


def _is_other_context(annotation: Any) -> bool:
    return annotation is not None and getattr(annotation, "__name__", "") != "Context"


def _rejection_of_parameter(name: str, binding: Any, annotation: Any) -> Rejection | None:
    is_out = _name_of(annotation) == "Out"
    inner = annotation
    if is_out:
        arguments = typing.get_args(annotation) if _is_generic(annotation) else ()
        if len(arguments) != 1:
            return Rejection("annotation", name, "Out needs one type, such as Out[str]")
        inner = arguments[0]
    is_type = isinstance(inner, type) or _is_generic(inner)
    if not is_type or _is_builtin_alias(inner):
        return Rejection("annotation", name, f"{_shown(annotation)} is not supported")
    declared_out = int(binding.direction) == OUT
    if declared_out and not is_out:
        return Rejection("annotation", name, "an output must be func.Out[...]")
    if is_out and not declared_out:
        return Rejection("annotation", name, "an input must not be func.Out")
    if not _accepts(binding, inner, is_out=is_out):
        message = f"{binding.type} does not support {_shown(inner)}"
        return Rejection("annotation", name, message)
    return None


def _rejection_of_return(function: Any, annotations: dict[str, Any]) -> Rejection | None:
    if "return" not in annotations:
        return None
    explicit = [b for b in function.get_bindings() if b.name == "$return"]
    if not explicit:
        return None
    annotation = annotations["return"]
    if not isinstance(annotation, type) or _is_builtin_alias(annotation):
        return Rejection("annotation", "return", f"{_shown(annotation)} is not supported")
    binding_type = explicit[0].type
    if binding_type == "http" and _streams():
        base = sys.modules["azurefunctions.extensions.base"]
        accepted = base.ResponseTrackerMeta.check_type(annotation)
    else:
        accepted = _passes(_converter(binding_type).check_output_type_annotation, annotation)
    if accepted:
        return None
    message = f"{binding_type} does not support {_shown(annotation)}"
    return Rejection("annotation", "return", message)


def _accepts(binding: Any, annotation: Any, *, is_out: bool) -> bool:
    if binding.type == "httpTrigger" and _streams():
        base = sys.modules["azurefunctions.extensions.base"]
        return bool(base.RequestTrackerMeta.check_type(annotation))
    if not is_out and _is_sdk_type(annotation):
        registry = sys.modules["azurefunctions.extensions.base"].get_binding_registry()
        converter = registry.get(binding.type)
        return converter is None or _passes(converter.check_input_type_annotation, annotation)
    converter = _converter(binding.type)
    if annotation in (str, bytes) and not _has_implicit_output(binding.type):
        converter = GenericConverter
    check = converter.check_output_type_annotation if is_out else None
    return _passes(check or converter.check_input_type_annotation, annotation)


def _passes(check: Callable[[Any], bool], annotation: Any) -> bool:
    """Whether a check accepts an annotation; many raise TypeError for what is not a class."""
    try:
        return bool(check(annotation))
    except TypeError:
        return False


class GenericConverter:
    """What the worker accepts for bindings that azure.functions does not know: text and bytes."""

    @staticmethod
    def check_input_type_annotation(annotation: Any) -> bool:
        """Whether a parameter can have the annotation."""
        return issubclass(annotation, (str, bytes))

    @staticmethod
    def check_output_type_annotation(annotation: Any) -> bool:
        """Whether Out[...] or a return value can have the annotation."""
        return issubclass(annotation, (str, bytes, bytearray))


def _converter(binding_type: str) -> Any:
    registry = sys.modules["azure.functions"].get_binding_registry()
    return registry.get(binding_type) or GenericConverter


def _has_implicit_output(binding_type: str) -> bool:
    converter = _converter(binding_type)
    if converter is GenericConverter:
        return binding_type != "durableClient"
    return bool(getattr(converter, "has_implicit_output", lambda: False)())


def _streams() -> bool:
    base = sys.modules.get("azurefunctions.extensions.base")
    return bool(base and base.HttpV2FeatureChecker.http_v2_enabled())


def _is_sdk_type(annotation: Any) -> bool:
    base = sys.modules.get("azurefunctions.extensions.base")
    return bool(base and base.get_binding_registry().check_supported_type(annotation))


def _is_settlement_client(annotation: Any) -> bool:
    base = sys.modules.get("azurefunctions.extensions.base")
    check = getattr(base and base.get_binding_registry(), "check_supported_grpc_client_type", None)
    return bool(check and annotation is not None and check(annotation))


def _is_generic(annotation: Any) -> bool:
    """Whether an annotation is generic as the worker sees it: `List[...]` is, `list[...]` is not."""
    if isinstance(annotation, type):
        return issubclass(annotation, GENERIC)
    is_alias = isinstance(annotation, ALIASES)
    origin = getattr(annotation, "__origin__", None)
    callable_ = typing.get_origin(typing.Callable)
    return is_alias and origin not in (typing.Union, tuple, typing.ClassVar, callable_)


def _is_builtin_alias(annotation: Any) -> bool:
    """Whether an annotation is `list[...]`: on Python 3.10 it counts as a type, but fails later."""
    return isinstance(annotation, type(list[int]))


def _name_of(annotation: Any) -> str:
    origin = getattr(annotation, "__origin__", annotation)
    return getattr(origin, "__name__", "")


def _shown(annotation: Any) -> str:
    if isinstance(annotation, type) and not _is_builtin_alias(annotation):
        return annotation.__name__
    return re.sub(r"\bazure\.functions\.(?:\w+\.)*|\btyping\.", "", str(annotation))
