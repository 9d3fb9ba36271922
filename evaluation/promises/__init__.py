"""Targets and results: the labels the pairing is learned from, the fit, and the score of the pairs shown."""
