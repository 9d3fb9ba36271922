"""The reader page: the full texts with the cited words marked, for anyone who wants to check a source."""
