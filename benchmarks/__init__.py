"""Measurements of the template, each beside something that it is to be compared with: `make bench`."""
