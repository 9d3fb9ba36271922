"""Find out how far a connection to Telegram comes, hop by hop, and where it ends."""
