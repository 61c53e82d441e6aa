"""Messages for the log whose text does not fit their values."""

import textwrap

import pytest

from tests.support.validator import Files, Find, Plant

SOURCE = """
import logging
from logging import getLogger
import azure.functions as func
from shared.logs import shared

bp = func.Blueprint()
logger = logging.getLogger(__name__)
other = print
{top}


@bp.timer_trigger(arg_name="timer", schedule="0 0 6 * * *")
def orders(timer: func.TimerRequest) -> None:
{body}
"""
ADD, INSTEAD = "Write %s in the text for each value.", "Write %s instead of {}."
DICT = "no place for timer, so this line fails, or leaves it out if it is a dict"


def logging_with(body: str, top: str = "") -> Files:
    """Return an app with lines in a function, and with a logger in another module."""
    return {
        "blueprints/orders.py": SOURCE.format(top=top, body=textwrap.indent(body, "    ")),
        "shared/__init__.py": "",
        "shared/logs.py": "import logging\n\nshared = logging.getLogger('shared')\n",
    }


@pytest.mark.parametrize(
    ("body", "what", "fix"),
    [
        ("logging.info('a', timer)", DICT, ADD),
        ("logging.info('a', 1)", "no place for 1, so this line fails", ADD),
        ("logging.warning('a {}', f'{timer}')", "no place for f'{timer}'", INSTEAD),
        ("logger.error('a %s', 1, timer)", "1 place for 2 values", ADD),
        ("logger.exception('%s: %d', timer)", "2 places for 1 value", ADD),
        ("logger.error('%s', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)", "1 place for 11 values", ADD),
        ("logger.critical('a 5%% %5.2f', 1, 2)", "1 place for 2 values", ADD),
        ("shared.info('{} {}', 1, 2)", "no place for 1", INSTEAD),
        ("log = logging.getLogger('a')\nlog.info('a', 1, 2)", "no place for 1", ADD),
        ("getLogger().warn('50% done %s', 1)", "2 places for 1 value", ADD),
        ("try:\n    print(1)\nexcept OSError as e:\n    logging.error('a', e)", "for e", ADD),
    ],
)
def test_messages_that_do_not_fit(body: str, what: str, fix: str, plant: Plant, find: Find) -> None:
    [found] = find(plant(logging_with(body)), "AF2")
    assert found.code == "AF254"
    assert found.message.startswith("The text for the log has ")
    assert (what in found.message, found.fix) == (True, fix)


@pytest.mark.parametrize(
    "body",
    [
        "logging.info('a %s', timer)",
        "logging.info('a')",
        "logging.info('100%')",
        "logging.info('%s %s', *[1, 2])",
        "logging.info('%(a)s', {'a': 1})",
        "logging.info('%*d', 5, 1)",
        "logging.info('a %', 1)",
        "logging.info(f'{timer}', 1)",
        "logging.debug('a', 1)",
        "logging.info('a', exc_info=True, extra={'a': 1})",
        "logging.log(logging.INFO, 'a %s', 1)",
        "other.info('a', 1)",
        "logger = print\nlogger.info('a', 1)",
        "for logger in [timer]:\n    logger.info('a', 1)",
        "return\nlogging.info('a', 1)",
    ],
)
def test_messages_that_fit(body: str, plant: Plant, find: Find) -> None:
    assert find(plant(logging_with(body)), "AF254") == []


@pytest.mark.parametrize(
    ("top", "lines"),
    [
        ("logger.setLevel(logging.WARNING)", [15]),
        ("logging.getLogger().setLevel('ERROR')", [15]),
        ("logger.setLevel(logging.INFO)", [14, 15]),
        ("logging.getLogger('azure').setLevel(logging.WARNING)", [14, 15]),
        ("logging.getLogger('shared').setLevel(logging.WARNING)", [15]),
        ("logger.setLevel(logging.INFO if other else logging.WARNING)", [15]),
        ("logger.setLevel(logging.CRITICAL)", []),
        ("logger.level = 50", []),
        ("logger.disabled = True", []),
        ("logging.disable(logging.ERROR)", []),
        ("logging.basicConfig(force=True)", []),
        ("logging.getLogger().handlers.clear()", []),
        ("logger.addFilter(other)", []),
        ("logger.makeRecord = other", []),
        ("logging.LogRecord.getMessage = other", []),
        ("logger.propagate = False", []),
        ("class Log(logging.LoggerAdapter): ...", []),
    ],
)
def test_apps_that_change_their_loggers(
    top: str, lines: list[int], plant: Plant, find: Find
) -> None:
    found = find(plant(logging_with("logging.info('a', 1)\nlogging.error('a', 1)", top)), "AF254")
    assert [one.line for one in found] == lines
