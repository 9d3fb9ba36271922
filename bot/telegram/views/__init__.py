"""What a message shows: an answer, a source, a list of facts, an outline, the bot's own profile."""
