"""What long work needs of a process: the writer's lock, background threads, temporary folders, timing."""
