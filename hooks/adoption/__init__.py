"""Brings an existing function app under the template: what `make adopt` does step by step."""
