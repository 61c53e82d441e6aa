"""What the Functions worker finds when it imports the app."""
