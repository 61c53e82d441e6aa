"""Reads ranges of versions as NuGet writes them, such as `[4.*, 5.0.0)`."""

from __future__ import annotations

from ..pattern import Pattern

Number = tuple[int, ...]

VERSION = r"\d+(?:\.(?:\d+|\*)){0,3}(?:-[\w.*-]+)?|\*"
# Such as `4.*`, and such as `[4.*, 5.0.0)`.
PLAIN = Pattern(VERSION)
INTERVAL = Pattern(rf"[\[(]\s*({VERSION})?\s*(?:(,)\s*({VERSION})?\s*)?([\])])")
# Greater than any minor version.
ANY_MINOR = 999


def majors(version: object, newest: int) -> tuple[int, int] | None:
    """Return the least and the greatest major version in a range, up to the newest; None if there is none."""
    text = version.strip() if isinstance(version, str) else ""
    bounds = _plain(text, newest) if PLAIN.fullmatch(text) else _interval(text, newest)
    if bounds is None:
        return None
    least, most = bounds
    if most < least[: len(most)] or least[0] > newest:
        return None
    return least[0], min(most[0], newest)


def _plain(version: str, newest: int) -> tuple[Number, Number]:
    """Return the bounds of `4.*`, or of `4.1.0`, which means this version and any that is newer."""
    least = _number(version)
    if "*" in version and version != "*":
        return least, (least[0], ANY_MINOR)
    return least, (newest, ANY_MINOR)


def _interval(text: str, newest: int) -> tuple[Number, Number] | None:
    match = INTERVAL.fullmatch(text)
    if match is None:
        return None
    low, comma, high, closing = match.groups()
    if not low and not high:
        return None
    least = _number(low or "0")
    if not comma:
        return least, least[:2]
    if not high:
        return least, (newest, ANY_MINOR)
    most = _number(high)
    if closing == ")" and not any(most[1:]):
        return least, (most[0] - 1, ANY_MINOR)
    return least, most[:2]


def _number(version: str) -> Number:
    """Return `4.*` as (4, 0, 0)."""
    parts = version.partition("-")[0].replace("*", "0").split(".")
    return tuple(int(part) for part in (*parts, "0", "0")[:3])
