"""What the bot can do, one feature a module; ``feature`` makes it of the bot's parts."""
