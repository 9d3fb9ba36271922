"""Comparisons of a claim with its evidence that no figure and no shared word decides: who does it, when, of which part."""
