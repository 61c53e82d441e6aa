"""Reads files as the host, Core Tools, git, Docker and pip read them."""
