"""Which function takes a request, as the Functions host decides it. Needs the standard library alone."""
