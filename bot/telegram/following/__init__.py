"""What people follow: the commands, what new texts say of it, and how they are told."""
