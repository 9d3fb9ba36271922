"""Evidence that could answer: sentences with their state and time, lists, outlines."""
