"""The JSON interface under /api/v1: ask, search, passages, documents and figures, for programs with a key."""
