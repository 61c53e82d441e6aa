"""The commands in the README of an app without infra/: run in order, with stand-ins for az and others, they create it all."""
