"""What can go wrong while answering; an outcome such as "not in the corpus" is a value, not an error.

::

    AnsweringError
    ├── PromptError        a prompt is missing, or uses other names than it is given
    └── ModelError         the chat model did not answer; ``again``: the same call may go well later
        ├── ModelRefused      the key, the model's name or the request is not accepted
        ├── ModelBusy         too many requests, or the account's quota is spent
        ├── ModelBroken       the server failed, or answered what is no answer
        ├── ModelSlow         no first word, or no further one, in time
        ├── ModelUnreachable  no connection
        ├── ModelFiltered     the server's own filter held the answer back
        ├── ContextTooLong    question and evidence are more than the model reads
        ├── ModelResting      it failed several times in a row and is left alone for a while
        ├── BudgetSpent       the tokens of this question, or of this day, are used up
        └── LedgerBroken      the record of tokens spent can't be read or written
"""

from __future__ import annotations


class AnsweringError(Exception):
    """Root of what this package raises; its text is a sentence for a person."""


class PromptError(AnsweringError):
    """A prompt is missing, or uses other names than it is given."""


class ModelError(AnsweringError):
    """The chat model did not answer."""

    again = False  # whether the same call may go well a little later
    note = "note_model_away"  # key of the line that tells a person why the answer came without a model


class ModelRefused(ModelError):
    """The key, the model's name or the request is not accepted."""

    note = "note_model_refused"


class ModelBusy(ModelError):
    """Too many requests; ``after`` are the seconds to wait that the server named."""

    again = True
    note = "note_model_busy"

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class ModelBroken(ModelError):
    """The server failed, or answered what is no answer."""

    again = True


class ModelSlow(ModelError):
    """No first word, or no further one, came in time."""

    again = True


class ModelUnreachable(ModelError):
    """There is no connection to the server."""

    again = True


class ModelFiltered(ModelError):
    """The server's own filter held the answer back."""

    note = "note_model_filtered"


class ContextTooLong(ModelError):
    """Question and evidence are more than the model reads."""

    note = "note_model_context"


class ModelResting(ModelError):
    """The model failed several times in a row and is left alone for a while."""


class BudgetSpent(ModelError):
    """The tokens of this question, or of this day, are used up."""

    note = "note_budget_day"

    def __init__(self, message: str, *, note: str = "note_budget_day") -> None:
        super().__init__(message)
        self.note = note


class LedgerBroken(ModelError):
    """The record of tokens spent can't be read or written, so nobody knows what is left of the budget."""
