"""The reader page in a real browser, measured and looked at."""
