"""The faces: a terminal, Telegram, and what they say."""
