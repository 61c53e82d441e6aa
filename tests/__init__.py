"""Tests of the template, of its hooks and of the validator."""
