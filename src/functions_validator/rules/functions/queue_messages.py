"""The messages of queues that a function and its trigger read differently."""

from __future__ import annotations

from collections.abc import Iterator

from ...functions.sent_messages import LIBRARY, plain_messages
from ...model import Problem, Severity
from ...project.host_options import decided_elsewhere, effective
from ...project.message_flow import Channel, source_of
from ...project.project import Project
from ...project.settings import canonical
from ..rule import rule

QUEUE, NONE = "queue", "none"
ENCODING = ("extensions", "queues", "messageencoding")

PLAIN = "This is plain text"
ENCODE = (
    "Give the client message_encode_policy=TextBase64EncodePolicy(), "
    'or set "messageEncoding" to "none" in `extensions.queues` of host.json.'
)
WITH_QUOTES = "This text begins with b'"
DECODE = "Write .decode() after base64.b64encode(...), in place of str(...)."


@rule("AF251", Severity.ERROR, "A queue trigger does not get what the app sends")
def plain_text(project: Project) -> Iterator[Problem]:
    """Yield plain text that the app sends to a queue whose trigger takes only base64."""
    sources = project.sources
    if not any(LIBRARY in module.text for module in sources.modules.values()):
        return
    given = effective(project, *ENCODING)
    is_plain = given is not None and str(given.value).lower() == NONE
    if is_plain or decided_elsewhere(project, ENCODING):
        return
    triggered = {
        source_of(project.settings, trigger): function
        for function in project.certain_functions
        for trigger in function.triggers
        if trigger.type.lower() == "queuetrigger"
    }
    for module in sources.modules.values():
        for sent in plain_messages(sources, module):
            name = (project.settings.resolve(sent.queue) or "").lower()
            connection = canonical(sent.connection).removeprefix("azurewebjobs")
            channel = Channel(QUEUE, connection, name)
            if function := triggered.get(channel):
                what, fix = (WITH_QUOTES, DECODE) if sent.is_text_of_bytes else (PLAIN, ENCODE)
                message = (
                    f"{what}, but {function.label} takes base64 from the queue {name}, "
                    f"so the host moves it to {name}-poison."
                )
                yield Problem(sent.place, message, fix)


RULES = (plain_text,)
