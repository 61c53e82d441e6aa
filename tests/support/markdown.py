"""Reads pages of Markdown."""

import re

CODE = re.compile(r"(?ms)^(```+).*?^\1$")


def section(page: str, title: str) -> str:
    """Return the text below a heading, up to the next one of that level or a higher one."""
    text = CODE.sub(lambda code: " " * len(code[0]), page)
    headings = list(re.finditer(r"(?m)^(#+) (.+)\n", text))
    found = [heading for heading in headings if heading[2] == title]
    assert len(found) == 1, f"{len(found)} headings with the title {title}"
    start, level = found[0].end(), len(found[0][1])
    ends = (one.start() for one in headings if one.start() >= start and len(one[1]) <= level)
    return page[start : next(ends, len(page))]


def blocks(text: str, language: str = "shell") -> list[str]:
    """Return the code blocks in a language."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)
