"""What is known of an app that was imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..functions.functions import Function
from ..model import Place


class IndexOptions(NamedTuple):
    """Which interpreter indexes the app, and how many seconds it may take."""

    python: Path
    seconds: float = 60


class Failure(NamedTuple):
    """Why the app cannot be imported.

    `kind` is "import", "setting", "exit", "time", "crash", or "no-library": azure.functions is missing, or raises `type`.
    `name` is the setting that is missing, or the module that was not found. `raised_in` is "azure.functions",
    "a package" or "".
    `lacks` is a module that was not found, if that led to an error of another type.
    `hidden_by` is the distribution that has a module of the same name as the app's own, and is imported instead.
    """

    kind: str
    type: str = ""
    message: str = ""
    places: Sequence[Place] = ()
    name: str = ""
    network: bool = False
    raised_in: str = ""
    hidden_by: str = ""
    lacks: str = ""


class Rejection(NamedTuple):
    """Why the worker rejects a function: see child/worker_signatures.py."""

    function: str
    place: Place
    kind: str
    parameter: str
    message: str


class IndexedContainer(NamedTuple):
    """A blueprint or an app that was made, and the functions of it that no app has.

    The place is None if a library made it.
    """

    is_app: bool
    place: Place | None
    is_registered: bool
    missing: Sequence[str]
    missing_places: Sequence[Place]


class Index(NamedTuple):
    """What the app is when it runs. With a failure, there are no functions.

    `durable` is the version of azure-functions-durable that it imports, or "". `absent` has the modules that the app
    looked for and Python did not find.
    """

    python: str = ""
    has_worker: bool = False
    failure: Failure | None = None
    apps: Sequence[str] = ()
    functions: Sequence[Function] = ()
    rejections: Sequence[Rejection] = ()
    containers: Sequence[IndexedContainer] = ()
    modules: Sequence[str] = ()
    durable: str = ""
    written: Sequence[tuple[str, Place]] = ()
    absent: Sequence[str] = ()

    @property
    def has_functions(self) -> bool:
        """Whether the functions are known: they all have their bindings."""
        return bool(self.functions)
