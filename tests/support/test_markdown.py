"""Sections of pages of Markdown."""

import pytest

from tests.support.markdown import blocks, section

PAGE = """# Page

## Deploy

Run this:

```shell
## note
# comment
echo a
```

### Twice

First.

## Run

### Twice

Second.
"""


def test_a_section_ends_at_the_next_heading_and_not_at_a_comment_in_code() -> None:
    deploy = section(PAGE, "Deploy")
    assert deploy.endswith("### Twice\n\nFirst.\n\n")
    assert blocks(deploy) == ["## note\n# comment\necho a\n"]
    assert section(PAGE, "Run") == "\n### Twice\n\nSecond.\n"


@pytest.mark.parametrize(("title", "count"), [("Twice", 2), ("note", 0), ("Missing", 0)])
def test_a_title_must_be_that_of_one_heading(title: str, count: int) -> None:
    with pytest.raises(AssertionError, match=f"{count} headings with the title {title}"):
        section(PAGE, title)
