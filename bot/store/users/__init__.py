"""People and chats: their choices, votes and feedback, and the deletion of all of it."""
