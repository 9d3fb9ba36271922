"""Measures how well the other packages do their work; nothing imports it."""
