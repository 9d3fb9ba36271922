"""How long things take and how they grow: questions, ingests, searches, the store, the bot."""
