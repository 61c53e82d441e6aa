"""App settings, connections and secrets."""
