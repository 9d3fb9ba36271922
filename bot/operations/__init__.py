"""Commands of the person who runs the bot: doctor, backup and restore, a Ray cluster for an ingest."""
