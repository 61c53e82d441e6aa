"""What several tests put into apps."""

BUNDLE = {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
CONFLICT = "<<<<<<< before\na = 1\n=======\na = 2\n>>>>>>> after\n"
