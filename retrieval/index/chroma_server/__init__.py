"""Chroma server."""
