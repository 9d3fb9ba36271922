"""Child processes with little time and memory and no network, in which libraries open untrusted files."""
