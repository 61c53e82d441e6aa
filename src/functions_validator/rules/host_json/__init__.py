"""host.json and the extension bundle."""
