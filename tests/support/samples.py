"""What several tests put into apps."""

BUNDLE = {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
FROM = "FROM mcr.microsoft.com/azure-functions/python:4-python3.13\n"
CONFLICT = "<<<<<<< before\na = 1\n=======\na = 2\n>>>>>>> after\n"
