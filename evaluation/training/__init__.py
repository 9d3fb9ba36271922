"""Commands that learn weights from questions and texts, and write them with their provenance."""
