"""Finds out what an app is when it runs: imports it in its own Python, as the Functions worker does."""
