"""Names, bindings, retries, schedules and routes."""
