"""Settings, read once at the edge, checked and frozen."""
