"""The README of an app: what it says is what happens, for exactly the functions and options of the app."""
