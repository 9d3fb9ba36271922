"""The bot under virtual time, with faults drawn from a seed, and who audits what came of each question."""
