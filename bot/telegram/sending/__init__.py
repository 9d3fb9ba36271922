"""Calls to Telegram: rates, timeouts, retries, outages, and replies that are never sent twice."""
