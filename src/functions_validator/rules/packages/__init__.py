"""Requirements, imports and the version of Python."""
