"""Measurements of the template, each next to a baseline: `make bench`."""
