"""What is known of texts, in SQLite or PostgreSQL: sources, documents, passages, facts, vectors, changes."""
