"""What a handler gets to work with: the context of an update, and what a feature is made of."""
