"""Reads the files of a project, as the Functions host, pip, git and Docker read them."""
