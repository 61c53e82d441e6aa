"""A project as a whole: its files, settings, host.json and functions."""
