"""What admins do: look after the bot, its texts, its people, and write to all of them."""
