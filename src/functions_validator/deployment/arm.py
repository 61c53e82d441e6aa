"""What templates of Azure Resource Manager, in JSON, give to a function app."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ..files.commented_file import Source
from ..files.content import mapping
from ..files.placed_json import Text, placed_text, read_placed
from ..model import Place
from ..pattern import Pattern
from .deployment import Deployment
from .infrastructure import PLAN, SITE

DEPLOYMENTS = "microsoft.resources/deployments"
SLOTS = f"{SITE}/slots"
FUNCTION_APP = "functionapp"
# An expression that is a parameter or a variable, or a property of one.
NAMED = Pattern(r"\[\s*(parameters|variables)\('([^']+)'\)((?:\.\w+)*)\s*\]", re.IGNORECASE)
# The longest chain of values that refer to each other.
DEEPEST = 6

Body = Mapping[str, Any]


class Scope(NamedTuple):
    """The values that expressions of a template refer to. What is not there is unknown."""

    parameters: Mapping[str, Any] = {}
    variables: Mapping[str, Any] = {}

    def value(self, written: object, depth: int = 0) -> Any:
        """Return what is written, or the value of the expression that is written; None if that is unknown."""
        if not isinstance(written, str) or not written.startswith("["):
            return None if isinstance(written, str) and "${" in written else written
        named = NAMED.fullmatch(written)
        if named is None or depth > DEEPEST:
            return None
        values = self.parameters if named[1].lower() == "parameters" else self.variables
        found = self.value(_get(values, named[2]), depth + 1)
        for key in named[3].split(".")[1:]:
            found = self.value(_get(found, key), depth + 1)
        return found

    def get(self, body: object, *keys: str) -> Any:
        """Return the value at the keys of an object, or None."""
        for key in keys:
            body = self.value(_get(body, key))
        return body


class Resource(NamedTuple):
    """A resource of a template, with the full type in lower case, and the resource that it is a part of."""

    type: str
    body: Body
    scope: Scope
    parent: Resource | None = None

    def get(self, *keys: str) -> Any:
        """Return the value at the keys, or None."""
        return self.scope.get(self.body, *keys)

    def written(self, *keys: str) -> Any:
        """Return what is written at the keys, which may be an expression, or None."""
        body: Any = self.body
        for key in keys:
            body = _get(body, key)
        return body

    def may_have(self, key: str, inner: str) -> bool:
        """Whether an object has a key, or is an expression whose value is unknown."""
        value = self.get(key)
        return self.written(key) is not None if value is None else _get(value, inner) is not None

    @property
    def is_certain(self) -> bool:
        """Whether it is there once, whatever the parameters are."""
        return self.written("condition") in (None, True) and self.written("copy") is None

    @property
    def place(self) -> Place:
        """Return where the type is written."""
        type_: Text = _get(self.body, "type")
        return type_.place

    @property
    def name(self) -> str:
        """Return the name as it is written, without the brackets of an expression."""
        return str(self.written("name") or "").strip("[] ")


def resources(deployment: Deployment) -> list[Resource]:
    """Return the resources of all templates, those of nested ones too."""
    found: list[Resource] = []
    for source in templates(deployment):
        template = read(source)
        for given in _given(deployment, source):
            found += _of_template(template, given, None)
    return found


def templates(deployment: Deployment) -> Iterator[Source]:
    """Yield the templates, without those that were compiled from a Bicep file beside them."""
    bicep = {source.path for source in deployment.bicep}
    for source in deployment.templates:
        generator = Scope().get(read(source), "metadata", "_generator", "name")
        if generator != "bicep" or f"{source.path.removesuffix('.json')}.bicep" not in bicep:
            yield source


@functools.lru_cache(maxsize=64)
def read(source: Source) -> object:
    """Return the content of a file; None if it is not JSON. Don't change it."""
    try:
        return read_placed(source)
    except ValueError:
        return None


def is_function_app(resource: Resource) -> bool:
    """Whether a resource is a function app, or one of its slots."""
    if resource.type not in (SITE, SLOTS):
        return False
    kind = resource.get("kind")
    is_named = isinstance(kind, str) and FUNCTION_APP in kind.lower()
    return is_named or _is_on_flex(resource)


def _is_on_flex(app: Resource) -> bool:
    return app.written("properties", "functionAppConfig") is not None


def plans(found: Sequence[Resource]) -> Iterator[Resource]:
    """Yield the hosting plans, without those that only other sites use."""
    for resource in found:
        if resource.type == PLAN:
            using = [one for one in found if resource.name in _plan_of(one)]
            if not using or any(map(is_function_app, using)):
                yield resource


def _plan_of(site: Resource) -> str:
    return str(site.written("properties", "serverFarmId") or "")


def runtimes(found: Sequence[Resource]) -> Iterator[tuple[str, Text]]:
    """Yield the languages and versions of function apps, as ("python", "3.13")."""
    for resource in filter(is_function_app, found):
        runtime = resource.get("properties", "functionAppConfig", "runtime")
        name, version = (resource.scope.get(runtime, key) for key in ("name", "version"))
        if isinstance(name, str) and isinstance(version, Text):
            yield name.lower(), version
        stack = resource.get("properties", "siteConfig", "linuxFxVersion")
        if isinstance(stack, Text):
            language, _, number = stack.partition("|")
            yield language.lower(), placed_text(number, stack.source, stack.offset, stack.end)


def settings(found: Sequence[Resource]) -> Iterator[tuple[Text, str | None]]:
    """Yield the app settings of function apps, with their values if the file shows them.

    They are those of apps on the Flex Consumption plan, if one is.
    """
    apps = [resource for resource in found if is_function_app(resource)]
    on_flex = list(filter(_is_on_flex, apps))
    for app in on_flex or apps:
        for one in app.get("properties", "siteConfig", "appSettings") or ():
            name = app.scope.get(one, "name")
            if isinstance(name, Text):
                yield name, _shown(app.scope.get(one, "value"))
    for resource in found:
        if _is_app_settings(resource) and _is_of(resource, on_flex or apps):
            given = resource.get("properties") or {}
            for key in given:
                if isinstance(key, Text):
                    yield key, _shown(resource.scope.get(given, key))


def _shown(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) else None


def _is_app_settings(resource: Resource) -> bool:
    name = resource.name.rstrip("') ").lower()
    return resource.type == f"{SITE}/config" and name.endswith("appsettings")


def _is_of(config: Resource, apps: Sequence[Resource]) -> bool:
    """Whether a resource with settings belongs, or may belong, to one of the apps."""
    if config.parent:
        return config.parent in apps
    return not apps or any(app.name and app.name in config.name for app in apps)


def _given(deployment: Deployment, source: Source) -> Iterator[Body]:
    """Yield the values of parameters in each file for a template; nothing if there is none."""
    stem = PurePosixPath(source.path).name.removesuffix(".json")
    is_given = False
    for other in deployment.parameters:
        name = PurePosixPath(other.path).name
        if other.folder == source.folder and name.startswith(f"{stem}.") and name.endswith(".json"):
            values = _get(read(other), "parameters")
            is_given = True
            yield {key: _get(one, "value") for key, one in mapping(values).items()}
    if not is_given:
        yield {}


def _of_template(template: object, given: Body, outer: Scope | None) -> Iterator[Resource]:
    """Yield the resources of a template; `outer` has the values if expressions refer to those around it."""
    parameters = mapping(_get(template, "parameters"))
    defaults = {key: _get(one, "defaultValue") for key, one in parameters.items()}
    variables = mapping(_get(template, "variables"))
    scope = outer or Scope({**defaults, **given}, variables)
    for body in _bodies(_get(template, "resources")):
        yield from _of_resource(body, scope, None)


def _of_resource(body: Body, scope: Scope, parent: Resource | None) -> Iterator[Resource]:
    type_ = _get(body, "type")
    if not isinstance(type_, Text) or _get(body, "existing") is True:
        return
    if scope.value(_get(body, "condition")) is False:
        return
    full = type_.lower()
    if parent and "." not in full:
        full = f"{parent.type}/{full}"
    if full == DEPLOYMENTS:
        yield from _of_nested(body, scope)
        return
    resource = Resource(full, body, scope, parent)
    yield resource
    for child in _bodies(_get(body, "resources")):
        yield from _of_resource(child, scope, resource)


def _of_nested(body: Body, scope: Scope) -> Iterator[Resource]:
    properties = _get(body, "properties")
    template = _get(properties, "template")
    evaluated_in = _get(_get(properties, "expressionEvaluationOptions"), "scope")
    if str(evaluated_in).lower() != "inner":
        yield from _of_template(template, {}, scope)
        return
    passed = mapping(_get(properties, "parameters"))
    values = {key: scope.value(_get(one, "value")) for key, one in passed.items()}
    yield from _of_template(template, values, None)


def _bodies(found: object) -> Iterator[Body]:
    """Yield resources, which are in a list, or in an object by their symbolic names."""
    values = list(found.values()) if isinstance(found, dict) else found
    if isinstance(values, list):
        yield from (one for one in values if isinstance(one, dict))


def _get(body: object, key: str) -> Any:
    """Return a value of an object, whatever the case of its key."""
    if not isinstance(body, Mapping):
        return None
    if key in body:
        return body[key]
    return next((v for k, v in body.items() if str(k).lower() == key.lower()), None)
