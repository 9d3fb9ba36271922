"""Extractive."""
