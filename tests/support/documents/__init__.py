"""Makes the pages and pictures in docs/ that follow from the catalogue and from the rules."""
