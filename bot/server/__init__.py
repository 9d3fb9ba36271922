"""The HTTP server that carries the webhook, the reader page and the JSON interface, with its health."""
