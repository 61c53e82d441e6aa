"""Reads Python code without running it: its modules, imports, names and calls."""
