"""What goes over the pipe between this process and the one that reads for it: a head in JSON, then bytes."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

_SIZES = struct.Struct(">IQ")  # bytes of the head, bytes of the body
HEAD = 1 << 20  # most bytes of a head


class WireError(Exception):
    """The other side has ended, or says what can't be."""


def send(pipe: IO[bytes], head: Mapping[str, Any], body: bytes) -> None:
    """Write one message. Raises OSError where nobody reads it."""
    told = json.dumps(head).encode()
    pipe.write(_SIZES.pack(len(told), len(body)) + told)
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes], *, most: int) -> tuple[dict[str, Any], bytes]:
    """Read one message whose body has at most so many bytes. Raises WireError."""
    size, length = _SIZES.unpack(_exactly(pipe, _SIZES.size))
    if size > HEAD or length > most:
        raise WireError(f"a message of {size} + {length} bytes")
    told = _exactly(pipe, size)
    try:
        head = json.loads(told)
    except (ValueError, RecursionError) as error:
        raise WireError("a head that is no JSON") from error
    if not isinstance(head, dict):
        raise WireError("a head that is no object")
    return head, _exactly(pipe, length)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise WireError("the other side has ended")
    return data
