"""Transactions on SQLite or PostgreSQL, with errors as sentences, and the schema brought up to date."""
