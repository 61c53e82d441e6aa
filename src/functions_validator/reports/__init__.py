"""Prints what was found: a module for each format. None prints a secret."""
