"""What runs in the app's own interpreter: it imports the app, and describes what the import made.

It imports nothing else of the validator.
"""
