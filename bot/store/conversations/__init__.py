"""Conversations, the answers that were given in them, and questions and answers behind links."""
