"""What an app installs: its requirements, their versions, and the modules that they provide."""
