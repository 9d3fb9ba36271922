"""The reader page: the texts as they stand, the cited words marked, for whoever wants to check a source."""
