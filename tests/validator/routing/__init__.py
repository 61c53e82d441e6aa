"""Tests of the routing that the validator has of the host."""
