"""Messages over the pipe between this process and the one that reads for it: a head in JSON, then bytes."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

_SIZES = struct.Struct(">IQ")  # bytes of the head, bytes of the body
HEAD = 1 << 20  # most bytes of a head


class ProtocolError(Exception):
    """The other side has ended, or sent what is no message."""


def send(pipe: IO[bytes], head: Mapping[str, Any], body: bytes) -> None:
    """Write one message. Raises OSError where nobody reads it."""
    encoded = json.dumps(head).encode()
    pipe.write(_SIZES.pack(len(encoded), len(body)) + encoded)
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes], *, most: int) -> tuple[dict[str, Any], bytes]:
    """Read one message whose body has at most so many bytes. Raises WireError."""
    size, length = _SIZES.unpack(_exactly(pipe, _SIZES.size))
    if size > HEAD or length > most:
        raise ProtocolError(f"a message of {size} + {length} bytes")
    encoded = _exactly(pipe, size)
    try:
        head = json.loads(encoded)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("a head that is no JSON") from error
    if not isinstance(head, dict):
        raise ProtocolError("a head that is no object")
    return head, _exactly(pipe, length)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise ProtocolError("the other side has ended")
    return data
