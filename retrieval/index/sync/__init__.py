"""What keeps a derived index in step with the catalogue: replay, rebuild, generations and their marks."""
