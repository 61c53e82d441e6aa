"""Runs whole orchestrations on a simulated clock, with their real activities.

As in Azure, an orchestrator starts again after every event and must do what it did before, so a run
fails if the orchestrator depends on anything but its history. The events are those that
azure-functions-durable 1 gets.
"""

import asyncio
import heapq
import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from types import ModuleType
from typing import Any
from unittest.mock import AsyncMock

import azure.durable_functions as df
import azure.functions as func

TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
START = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
# The actions that an orchestrator asks for, as Durable Functions numbers them.
ACTIVITIES, ORCHESTRATIONS = (0, 1), (2, 3)
CONTINUE_AS_NEW, TIMER, EXTERNAL_EVENT = 4, 5, 6
# The events of a history.
EXECUTION_STARTED, TASK_SCHEDULED, TASK_COMPLETED, TASK_FAILED = 0, 4, 5, 6
ORCHESTRATION_CREATED, ORCHESTRATION_COMPLETED, ORCHESTRATION_FAILED = 7, 8, 9
TIMER_CREATED, TIMER_FIRED, EPISODE_STARTED, EPISODE_COMPLETED, EVENT_RAISED = 10, 11, 12, 13, 15

Event = dict[str, Any]


@dataclass
class Outcome:
    """What became of an orchestration, and what it did."""

    output: Any = None
    # The error that it ended with.
    failure: str = ""
    ended: datetime = START
    # The activities and orchestrations that it called, each time, with their inputs.
    calls: list[tuple[str, Any]] = field(default_factory=list)
    # The custom statuses that it had, and the inputs with which it began anew.
    statuses: list[Any] = field(default_factory=list)
    renewals: list[Any] = field(default_factory=list)

    def called(self, name: str) -> list[Any]:
        """Return the inputs of the calls of a function."""
        return [value for called, value in self.calls if called == name]


def run(
    module: ModuleType,
    orchestrator: str,
    value: Any = None,
    *,
    events: Sequence[tuple[timedelta, str, Any]] = (),
    instead: Mapping[str, Callable[[Any], Any]] | None = None,
    generations: int = 10,
) -> Outcome:
    """Run an orchestrator of a module until it ends, and return the outcome.

    `events` are external events, each with its delay after the start, its name and its content.
    `instead` maps names of activities to functions that are called in their place. An
    orchestration that begins anew again and again is stopped after this many `generations`.
    """
    outcome = Outcome()
    raised = [(START + after, name, content) for after, name, content in events]
    orchestration = _Orchestration(module, orchestrator, instead or {}, outcome)
    orchestration.run(value, START, raised, generations)
    return outcome


def call(builder: Any, body: bytes = b"", found: Any = None) -> tuple[int, Any, Any]:
    """Return the status and content of the response of an HTTP function, and its client.

    `found` is what the client knows about the orchestration i-1.
    """
    req = func.HttpRequest(
        method="POST",
        url="https://example.com/start",
        route_params={"instance": "i-1"},
        body=body,
    )
    client = AsyncMock(spec=df.DurableOrchestrationClient)
    client.start_new.return_value = "i-1"
    client.get_status.return_value = found
    response = asyncio.run(builder.build().get_user_function().client_function(req, client))
    return response.status_code, json.loads(response.get_body()), client


class _Orchestration:
    """An orchestration, whose history grows with every event."""

    def __init__(
        self,
        module: ModuleType,
        name: str,
        instead: Mapping[str, Callable[[Any], Any]],
        outcome: Outcome,
    ) -> None:
        self.module, self.name, self.instead, self.outcome = module, name, instead, outcome
        self.handler = getattr(module, name).build().get_user_function()

    def run(
        self, value: Any, now: datetime, raised: list[tuple[datetime, str, Any]], generations: int
    ) -> None:
        """Run it to its end, again from a new history each time that it begins anew."""
        for _ in range(generations):
            self.value, self.now = json.dumps(value), now
            self.history: list[Event] = []
            self.actions: list[Event] = []
            self.tasks, self.order = count(), count()
            self.timers: dict[int, int] = {}
            self.attempts: dict[int, tuple[Event, int]] = {}
            self.coming: list[tuple[datetime, int, Event]] = []
            for time, name, content in raised:
                self._expect(max(time, now), EVENT_RAISED, Name=name, Input=json.dumps(content))
            if not self._continues():
                return
            value, now = json.loads(self.actions[-1]["input"]), self.now
            raised = [event for event in raised if event[0] > now]
            self.outcome.renewals.append(value)

    def _continues(self) -> bool:
        """Replay it after every event until it ends; return whether it begins anew."""
        event = self._event(EXECUTION_STARTED, Name=self.name, Input=self.value, Version="")
        while True:
            self._note(EPISODE_STARTED)
            self.history.append(event)
            self._retry(event)
            state = self._replay()
            if state["isDone"] or state.get("error"):
                break
            self._note(EPISODE_COMPLETED)
            assert self.coming, f"{self.name} waits for something that never comes: {self.actions}"
            self.now, _, event = heapq.heappop(self.coming)
            event["Timestamp"] = _text(self.now)
        self.outcome.ended = self.now
        if self.actions and self.actions[-1]["actionType"] == CONTINUE_AS_NEW:
            return True
        timers = [event for _, _, event in self.coming if event["EventType"] == TIMER_FIRED]
        assert not timers, f"{self.name} has a timer left, which keeps it running: {timers}"
        self.outcome.output, self.outcome.failure = state.get("output"), state.get("error", "")
        return False

    def _replay(self) -> dict[str, Any]:
        """Run the orchestrator from the start, and return its state; begin what it newly asks for."""
        begun = max(
            place for place, one in enumerate(self.history) if one["EventType"] == EPISODE_STARTED
        )
        history = [{**one, "IsPlayed": n < begun} for n, one in enumerate(self.history)]
        context = {
            "instanceId": self.name,
            "parentInstanceId": None,
            "isReplaying": begun > 0,
            "upperSchemaVersion": 2,
            "longRunningTimerIntervalDuration": "3.00:00:00",
            "maximumShortTimerDuration": "6.00:00:00",
            "input": self.value,
            "history": history,
        }
        try:
            text = self.handler(json.dumps(context))
        except Exception as error:
            _, failed, text = str(error).partition("$OutOfProcData$:")
            if not failed:
                raise
        state: dict[str, Any] = json.loads(text)
        actions = list(_flat(state["actions"]))
        before = [_asked(action) for action in self.actions]
        now = [_asked(action) for action in actions]
        assert now[: len(before)] == before, (
            f"{self.name} is not deterministic: {before}, then {now}"
        )
        status = state.get("customStatus")
        if status is not None and [status] != self.outcome.statuses[-1:]:
            self.outcome.statuses.append(status)
        self.actions = actions
        for place, action in enumerate(actions):
            if place >= len(before):
                self._begin(place, action)
            if action.get("isCanceled"):
                self._cancel(self.timers[place])
        return state

    def _begin(self, place: int, action: Event) -> None:
        """Begin what the orchestrator asks for."""
        if action["actionType"] in (*ACTIVITIES, *ORCHESTRATIONS):
            self._call(action, 1)
        elif action["actionType"] == TIMER:
            self.timers[place] = self._timer(
                datetime.strptime(action["fireAt"], TIME.replace("Z", "%z"))
            )
        else:
            assert action["actionType"] in (CONTINUE_AS_NEW, EXTERNAL_EVENT), action

    def _timer(self, fires: datetime) -> int:
        """Start a timer, and return the number of its task."""
        task = next(self.tasks)
        self._note(TIMER_CREATED, task, FireAt=_text(fires))
        self._expect(max(fires, self.now), TIMER_FIRED, TimerId=task, FireAt=_text(fires))
        return task

    def _cancel(self, task: int) -> None:
        self.coming = [one for one in self.coming if one[2].get("TimerId") != task]
        heapq.heapify(self.coming)

    def _call(self, action: Event, attempt: int) -> None:
        """Call an activity or an orchestration, whose result comes as an event."""
        name, value = action["functionName"], json.loads(action.get("input") or "null")
        self.outcome.calls.append((name, value))
        task, is_activity = next(self.tasks), action["actionType"] in ACTIVITIES
        self.attempts[task] = (action, attempt)
        self._note(TASK_SCHEDULED if is_activity else ORCHESTRATION_CREATED, task, Name=name)
        result, ended = self._result(name, value, is_activity)
        failed = isinstance(result, Exception)
        answer = (
            {"Result": json.dumps(result)}
            if not failed
            else {"Reason": str(result), "Details": type(result).__name__}
        )
        kinds = (
            (TASK_COMPLETED, TASK_FAILED)
            if is_activity
            else (ORCHESTRATION_COMPLETED, ORCHESTRATION_FAILED)
        )
        self._expect(ended, kinds[failed], TaskScheduledId=task, **answer)

    def _result(self, name: str, value: Any, is_activity: bool) -> tuple[Any, datetime]:
        """Return the result of a call, which is an exception if it failed, and when it came."""
        if is_activity:
            function = self.instead.get(name) or getattr(self.module, name)
            return asyncio.run(_called(function, value)), self.now
        outcome = Outcome(calls=self.outcome.calls)
        inner = _Orchestration(self.module, name, self.instead, outcome)
        inner.run(value, self.now, [], 10)
        result = RuntimeError(outcome.failure) if outcome.failure else outcome.output
        return result, outcome.ended

    def _retry(self, event: Event) -> None:
        """After a failed call with retry options, wait; after the wait, make the call again."""
        if event["EventType"] in (TASK_FAILED, ORCHESTRATION_FAILED):
            action, attempt = self.attempts[event["TaskScheduledId"]]
            if options := action.get("retryOptions"):
                pause = timedelta(milliseconds=options["firstRetryIntervalInMilliseconds"])
                self.attempts[self._timer(self.now + pause)] = (action, attempt)
        elif event["EventType"] == TIMER_FIRED and event["TimerId"] in self.attempts:
            action, attempt = self.attempts[event["TimerId"]]
            if attempt < action["retryOptions"]["maxNumberOfAttempts"]:
                self._call(action, attempt + 1)

    def _note(self, kind: int, task: int = -1, **content: Any) -> None:
        """Add an event to the history."""
        self.history.append({**self._event(kind, **content), "EventId": task})

    def _expect(self, time: datetime, kind: int, **content: Any) -> None:
        """Let an event come at a time."""
        heapq.heappush(self.coming, (time, next(self.order), self._event(kind, **content)))

    def _event(self, kind: int, **content: Any) -> Event:
        return {"EventType": kind, "EventId": -1, "Timestamp": _text(self.now), **content}


async def _called(function: Callable[[Any], Any], value: Any) -> Any:
    """Return the result of a function, or the exception that it raised."""

    async def call() -> Any:
        result = function(value)
        return await result if inspect.isawaitable(result) else result

    results = await asyncio.gather(call(), return_exceptions=True)
    return results[0]


def _flat(actions: Any) -> Iterator[Event]:
    """Yield actions in the order in which they are begun."""
    for action in actions:
        if isinstance(action, list):
            yield from _flat(action)
        elif "compoundActions" in action:
            yield from _flat(action["compoundActions"])
        else:
            yield action


def _asked(action: Event) -> Event:
    """Return what an action asks for; a timer can be canceled later."""
    return {key: value for key, value in action.items() if key != "isCanceled"}


def _text(time: datetime) -> str:
    return time.strftime(TIME)
