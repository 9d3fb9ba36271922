"""Blocks as messages in Telegram's HTML, within its limits, and the buttons under them."""
