"""A fixture for apps of which some have the Durable Task Scheduler."""

from collections.abc import Mapping

import pytest

from tests.support.bicep_cli import Evaluate, Snapshot
from tests.support.catalogue import SCHEDULER
from tests.support.created_resources import has_scheduler


@pytest.fixture
def evaluate(evaluate: Evaluate) -> Evaluate:
    """Return what a deployment would create; some apps have the Durable Task Scheduler."""

    def snapshot(functions: Mapping[str, str], **parameters: str | bool) -> Snapshot:
        answers = SCHEDULER if has_scheduler(functions) else {}
        return evaluate(functions, answers, **parameters)

    return snapshot
