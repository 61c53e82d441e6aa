"""The rules: each module has some of one family, and names them in RULES."""
