"""What `make` runs, and never Copier."""
