"""Texts that regular expressions of routes accept."""

import re

import pytest

from functions_validator.routing.samples import matching_sample


@pytest.mark.parametrize(
    ("pattern", "sample"),
    [
        (r"^[a-f]x{3}$", "axxx"),
        (r"(one|two)-\d{2,4}", "one-77"),
        (r"[\d_]\s\W", "7 -"),
        (r"[^\d].\w", "aaa"),
        (r"[^a7][^_]", "_a"),
        (r"(?i:ID)x*", "IDx"),
        (r"(?>ab|a)c", "abc"),
    ],
)
def test_a_sample_matches_its_expression(pattern: str, sample: str) -> None:
    assert matching_sample(re.compile(pattern)) == (sample,)


@pytest.mark.parametrize("pattern", [r"(a)\1", "a(?=b)", "^$", r"[^ab7_\- .zA]"])
def test_an_expression_without_a_sample(pattern: str) -> None:
    assert matching_sample(re.compile(pattern)) == ()
