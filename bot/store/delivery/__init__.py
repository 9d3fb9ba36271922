"""Updates until they are answered, and messages, notices and uploads on their way."""
