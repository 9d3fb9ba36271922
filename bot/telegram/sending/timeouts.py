"""How long things may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long things may take, in seconds."""

    typing: float = 0.3  # until "typing" is shown: quicker answers come without
    again: float = 1.0  # until a call that surely failed is made again; doubles each time
    longest: float = 60.0  # what that doubling ends at
    poll: int = 30  # one long poll
    stop: float = 10.0  # that answers being made get when the bot stops
    read: float = 20.0  # for Telegram to answer a call
    connect: float = 10.0  # to reach Telegram at all
    live: float = 0.7  # until an answer in the making is shown: quicker ones come whole
    hint: float = 3.0  # until a draft tells how to stop it
    first: float = 1.0  # at most, between two showings before anything was proved
    draft: float = 0.8  # between two drafts
    edits: float = 1.5  # between two edits of a message in a private chat
    chat: float = 1.0  # between two messages in a private chat, after a few at once
    group: float = 4.0  # the same elsewhere: 15 of the 20 messages a minute that Telegram allows there
    fresh: float = 20.0  # until a draft is sent anew; Telegram shows one for 30 seconds
    refused: float = 600.0  # for which no drafts, and no reactions, are tried where they were refused
    keys: float = 0.25  # that somebody in inline mode may take for the next key
    glance: float = 8.0  # for which they look at what they typed; Telegram forgets a query after some ten
    lease: float = 10.0  # for which an update is held by the process that works on it, unless renewed
    paste: float = 1.0  # that a text at Telegram's limit waits for its next part

    def before(self, attempt: int) -> float:
        """Return how long to wait before attempt 1, 2, … after a failure."""
        return min(self.longest, self.again * 2.0 ** min(attempt - 1, 30))
