"""The rules: a folder for each family, whose modules name their rules in RULES."""
