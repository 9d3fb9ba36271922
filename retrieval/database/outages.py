"""Whether a database server that failed may be there in a moment, or somebody has to do something.

A connection that was refused comes without a number of its error, and with words in the server's language.
So what is known to need somebody is named here; anything else is a server that comes up, goes down, is full.
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# What needs somebody; but for the first two, a server that speaks English says so.
_FOR_GOOD = (
    "pg_hba.conf",
    "SASL authentication",
    "password authentication failed",
    "no password supplied",
    "does not exist",
    "permission denied",
    "not permitted to log in",
    "not currently accepting connections",  # of a database: by its owner's will
)
_COMES_BACK = (
    "57P",
    "08",
    "53300",
    "25P03",
)  # going down or coming up, no connection, full, idle for too long


def is_away(error: BaseException) -> bool:
    """Tell whether what SQLAlchemy raised may go well in a moment; always False for a file."""
    if isinstance(error, PoolTimeout):  # all connections of a pool are held by who waits for the server
        return True
    if not isinstance(error, DBAPIError) or "psycopg" not in type(error.orig).__module__:
        return False
    number = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or isinstance(number, str):
        return error.connection_invalidated or str(number).startswith(_COMES_BACK)
    return isinstance(error, OperationalError) and not any(one in str(error.orig) for one in _FOR_GOOD)
