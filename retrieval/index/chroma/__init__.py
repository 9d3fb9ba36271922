"""The vectors of a library in Chroma, embedded in a home or on a server, and what searches them."""
