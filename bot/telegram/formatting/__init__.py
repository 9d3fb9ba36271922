"""Formatting."""
