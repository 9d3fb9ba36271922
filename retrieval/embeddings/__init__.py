"""Texts as vectors: the embedded model, an endpoint that speaks OpenAI's protocol, or none."""
