"""`make adopt`, without the updates that follow."""
