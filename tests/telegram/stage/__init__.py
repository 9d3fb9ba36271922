"""The stage on which the bot is tried: an emulator, a checking proxy before it, people."""
