"""People and groups: getting to know the bot, its language, what is kept of a person, where it speaks."""
