"""Several apps in one repository."""
