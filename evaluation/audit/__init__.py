"""What the program is made of, what it may open, whom it speaks to, and the walk of a question."""
