"""Who may use the bot, how much, in which groups, and whose question is answered next."""
