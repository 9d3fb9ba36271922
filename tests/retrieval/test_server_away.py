"""A server that is not there yet is told from one that lets nobody in, in whatever language it speaks."""

from __future__ import annotations

import socketserver
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from retrieval.catalog.engine import open_engine
from retrieval.database.outages import is_away

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postgres import Postgres

PLAIN = 196608  # the version of the protocol; whatever else asks for encryption


@contextmanager
def refusing(number: str, words: str) -> Iterator[str]:
    """A server that ends each connection with an error, as PostgreSQL words it; gives the address."""

    class Refusal(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while True:
                head = self.request.recv(8, 0x100)  # MSG_WAITALL
                if len(head) < 8:
                    return
                length, asked = struct.unpack("!ii", head)
                self.request.recv(length - 8)
                if asked == PLAIN:
                    break
                self.request.sendall(b"N")
            body = b"".join(
                key + value.encode() + b"\0"
                for key, value in ((b"S", "FATAL"), (b"V", "FATAL"), (b"C", number), (b"M", words))
            )
            self.request.sendall(b"E" + struct.pack("!i", len(body) + 5) + body + b"\0")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusal) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"postgresql+psycopg://me@127.0.0.1:{server.server_address[1]}/name"
        finally:
            server.shutdown()
            serving.join()


def raised(url: str) -> SQLAlchemyError:
    with pytest.raises(SQLAlchemyError) as caught, create_engine(url).connect():
        pass
    assert isinstance(caught.value, DBAPIError)
    return caught.value


@pytest.mark.parametrize(
    "words",
    [
        "the database system is starting up",
        "the database system is not yet accepting connections",
        "the database system is not accepting connections",
        "the database system is shutting down",
        "the database system is in recovery mode",
        "数据库系统启动中",
        "das Datenbanksystem startet",
        "server login has been failing, try again later (server_login_retry)",
    ],
)
def test_a_server_that_comes_up_is_away_in_whatever_language_it_speaks(words: str) -> None:
    with refusing("57P03", words) as url:
        assert is_away(raised(url))


@pytest.mark.parametrize(
    "words",
    [
        'password authentication failed for user "me"',
        'no pg_hba.conf entry for host "127.0.0.1", user "me", database "name", no encryption',
        'database "name" does not exist',
        'database "name" is not currently accepting connections',
        'role "me" is not permitted to log in',
    ],
)
def test_a_server_that_does_not_let_us_in_is_not_away(words: str) -> None:
    with refusing("28000", words) as url:
        assert not is_away(raised(url))


def test_what_a_server_says_of_a_statement_is_no_sign_of_its_being_away(
    postgres: Postgres, database_url: str, tmp_path: Path
) -> None:
    for at in (database_url, tmp_path / "catalogue.db"):
        engine = open_engine(at)
        with pytest.raises(DBAPIError) as caught, engine.connect() as connection:
            connection.execute(text("SELECT * FROM nowhere"))
        assert not is_away(caught.value)
        engine.dispose()


def test_a_connection_that_is_ended_and_a_pool_that_is_all_taken_are_waited_for(
    postgres: Postgres, database_url: str
) -> None:
    engine = create_engine(
        database_url.replace("postgresql:", "postgresql+psycopg:"),
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.1,
    )
    with engine.connect() as connection:
        with pytest.raises(SQLAlchemyError) as taken, engine.connect():
            pass
        assert is_away(taken.value)
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with postgres.connected() as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))
        with pytest.raises(SQLAlchemyError) as ended:
            connection.execute(text("SELECT 1"))
        assert is_away(ended.value)
    engine.dispose()
