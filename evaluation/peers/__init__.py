"""The same work done with other stacks, from the same texts and with the same embedding model."""
