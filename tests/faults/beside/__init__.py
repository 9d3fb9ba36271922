"""Faults of what stands beside the program: databases, model servers, Telegram, names, disks under a bot."""
