"""The indexes derived from the catalogue: words, vectors in Chroma, and what keeps both in step with it."""
