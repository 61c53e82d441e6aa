"""Runs what a README prints to try a function, and gives the function what the host would make of it."""
