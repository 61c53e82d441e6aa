"""What is published, committed and copied into an image, and the hosting plan."""
