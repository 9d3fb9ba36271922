"""How SQLite files are copied, and how PostgreSQL is reached and waited for."""
