"""The bot under pressure: many questions at once, killed at bad moments, asked for long."""
