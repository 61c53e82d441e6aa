"""Real services for the tests, on this machine: Azurite and a Cosmos DB server, both from npm.

`servers` starts and stops them; `extensions` plays the storage and Cosmos DB extensions of the
Functions host, which fetch what a function reads and store what it writes.
"""
