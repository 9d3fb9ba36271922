"""Figures in tables beside their targets, printed, kept by date, and scored."""
