"""The placeholder in the files of a kind, which becomes the name of a function."""


def spellings(name: str) -> tuple[str, ...]:
    """Return a name in snake_case as functions, queues, settings and classes spell it."""
    return name, name.replace("_", "-"), name.upper(), name.title().replace("_", "")


def replace_placeholder(text: str, placeholder: str, name: str) -> str:
    """Return a text with a name in place of the placeholder, in each spelling."""
    for old, new in zip(spellings(placeholder), spellings(name), strict=True):
        text = text.replace(old, new)
    return text
