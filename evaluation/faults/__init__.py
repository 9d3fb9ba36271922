"""What happens when something breaks: each fault is made for real, and what came of it is told."""
