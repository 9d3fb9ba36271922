"""Whether untrue sentences and hidden orders get past the checks of an answer."""
