"""Reads pages of Markdown."""

import re


def section(page: str, title: str) -> str:
    """Return the text below a heading, up to the next one of that level or a higher one."""
    [(level, found)] = re.findall(rf"(?ms)^(##+) {re.escape(title)}$\n(.+)", page)
    return re.split(rf"(?m)^#{{2,{len(level)}}} ", found)[0]


def blocks(text: str, language: str = "shell") -> list[str]:
    """Return the code blocks in a language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)
