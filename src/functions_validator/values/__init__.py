"""Reads values: times, schedules, connection strings, names and ranges of versions."""
