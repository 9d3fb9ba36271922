"""What can go wrong at the faces; each message is a sentence for a person.

::

    BotError
    ├── SettingsError   a setting has a value that can't be used
    ├── MessageError    a message of the bot's own is missing, or was given the wrong names
    ├── InputError      a line of a batch, or a file of questions, can't be used
    ├── MissingPartError    a part that was asked for does not stand here (no Telegram token, no terminal)
    └── AddressError    a server can't listen, or be reached, where it should
"""

from __future__ import annotations


class BotError(Exception):
    """Root of what this package raises."""


class SettingsError(BotError):
    """A setting has a value that can't be used."""


class MessageError(BotError):
    """A message is missing, broken, or was given other names than it uses."""


class InputError(BotError):
    """Questions were given in a form that can't be used."""


class MissingPartError(BotError):
    """Something that was asked for can't be had with these settings."""


class AddressError(BotError):
    """A server can't listen, or be reached, where it should."""


class StoreError(BotError):
    """The store can't be opened, read or written; the message says what to do, and holds no secret."""


class TakenOverError(StoreError):
    """Another process works on this by now, or has done it: anyone who held it before leaves it alone."""
