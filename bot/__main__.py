"""``python -m bot`` does what ``chengwen`` does."""

from bot.cli import main

main()
