"""What a merge left behind."""
