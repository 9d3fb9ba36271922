"""Targets of a text and the results that later texts tell of them, paired and judged."""
