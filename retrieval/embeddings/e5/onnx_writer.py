"""Writes an ONNX model as bytes: the few protobuf messages that it takes, by hand.

The ``onnx`` package would be one more to install on every machine, for a file that is written once. Field
numbers are those of ``onnx.proto3``; onnxruntime refuses a file that is wrong.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

CONTRIB = "com.microsoft"  # the domain of onnxruntime's own operators
FLOAT, INT32 = 1, 6
_KINDS = {"f4": FLOAT, "u1": 2, "i1": 3, "i4": INT32, "i8": 7}
_IR, _OPSET, _CONTRIB_OPSET = 10, 20, 1


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes((*out, number))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value & (1 << 64) - 1)


def _message(field: int, content: bytes | str) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _tensor(name: str, array: NDArray[np.generic]) -> bytes:
    dimensions = b"".join(_number(1, size) for size in array.shape)
    return (
        dimensions
        + _number(2, _KINDS[array.dtype.str[1:]])
        + _message(8, name)
        + _message(9, array.tobytes())
    )


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _message(1, name) + _number(3, value) + _number(20, 2)
    return _message(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1)


class Graph:
    """A network under construction: values are known by name, and what makes one returns its name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._ends: list[bytes] = []

    def constant(self, name: str, array: NDArray[np.generic]) -> str:
        """Add a tensor that is part of the model."""
        self._constants.append(_message(5, _tensor(name, array)))
        return name

    def node(self, operator: str, inputs: Iterable[str], output: str, **attributes: float) -> str:
        """Add an operator with one output, in ONNX's own domain."""
        return self._node(operator, inputs, output, "", attributes)

    def contrib(self, operator: str, inputs: Iterable[str], output: str, **attributes: float) -> str:
        """Add one of onnxruntime's own operators."""
        return self._node(operator, inputs, output, CONTRIB, attributes)

    def _node(
        self, operator: str, inputs: Iterable[str], output: str, domain: str, attributes: dict[str, float]
    ) -> str:
        parts = [_message(1, name) for name in inputs]
        parts += [_message(2, output), _message(3, output), _message(4, operator)]
        parts += [_message(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(_message(1, b"".join((*parts, _message(7, domain)))))
        return output

    def input(self, name: str, kind: int, shape: Sequence[int | str]) -> str:
        """Declare an input; a dimension told by a word is free."""
        self._ends.append(_message(11, _value(name, kind, shape)))
        return name

    def output(self, name: str, kind: int, shape: Sequence[int | str]) -> None:
        """Declare a value to be an output."""
        self._ends.append(_message(12, _value(name, kind, shape)))

    def model(self) -> bytes:
        """Return the whole model file."""
        graph = b"".join((*self._nodes, _message(2, self._name), *self._constants, *self._ends))
        opsets = [_message(1, "") + _number(2, _OPSET), _message(1, CONTRIB) + _number(2, _CONTRIB_OPSET)]
        return _number(1, _IR) + b"".join(_message(8, opset) for opset in opsets) + _message(7, graph)


def _value(name: str, kind: int, shape: Sequence[int | str]) -> bytes:
    sizes = (_message(2, size) if isinstance(size, str) else _number(1, size) for size in shape)
    dimensions = b"".join(_message(1, size) for size in sizes)
    return _message(1, name) + _message(2, _message(1, _number(1, kind) + _message(2, dimensions)))
