"""A sketch estimates products well enough to rank by, for every dimension and whatever the rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.index.vectors.binary_sketch import Sketch

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _rows(count: int, dimension: int, seed: int) -> NDArray[np.float32]:
    """Return unit vectors that lie close together around one axis, as those of texts do."""
    random = np.random.default_rng(seed)
    axis = 3 * np.random.default_rng(7).standard_normal(dimension)
    return _unit(axis + random.standard_normal((count, dimension)))


@pytest.mark.parametrize("dimension", [256, 300, 384, 1024, 1536])
def test_estimates_lie_around_the_products(dimension: int) -> None:
    """They are off by a fraction of what the products differ by, and not to one side."""
    rows, asked = _rows(3_000, dimension, 1), _rows(20, dimension, 2)
    sketch = Sketch.of(rows)
    for one in asked:
        exact, found = rows @ one, sketch.estimates(one)
        assert np.corrcoef(exact, found)[0, 1] > 0.75
        assert abs(float((found - exact).mean())) < 0.2 * float(exact.std())


def test_some_rows_are_estimated_as_all_are() -> None:
    """The estimates of chosen rows are those they have among all."""
    rows, one = _rows(40_000, 256, 1), _rows(1, 256, 2)[0]
    sketch = Sketch.of(rows)
    chosen = np.arange(5, len(rows), 37)
    assert np.array_equal(sketch.estimates(one, chosen), sketch.estimates(one)[chosen])


def test_a_question_is_counted_as_its_sixteen_levels_say() -> None:
    """The sum over words and planes is the sum of the question's rounded numbers with the signs."""
    rows, one = _rows(50, 300, 1), _rows(1, 300, 2)[0]
    sketch = Sketch.of(rows)
    along = float(one @ sketch.axis)
    rest = one - along * sketch.axis
    unit = np.abs(rest).max() / 15
    rounded = (2 * np.rint((rest / unit + 15) / 2) - 15) * unit
    beside = rows - (rows @ sketch.axis)[:, None] * sketch.axis
    stretch = (beside**2).sum(axis=1) / np.abs(beside).sum(axis=1)
    expected = (rows @ sketch.axis) * along + stretch * (np.where(beside > 0, 1, -1) @ rounded)
    assert np.allclose(sketch.estimates(one), expected, atol=1e-5)


@pytest.mark.parametrize("dimension", [256, 1536])
def test_rows_that_say_nothing_do_no_harm(dimension: int) -> None:
    """Equal rows, rows of zeros and a question along the axis have finite estimates."""
    same = np.repeat(_rows(1, dimension, 1), 5, axis=0)
    assert np.allclose(Sketch.of(same).estimates(same[0]), 1, atol=1e-2)
    nothing = np.zeros((5, dimension), np.float32)
    assert np.array_equal(Sketch.of(nothing).estimates(same[0]), np.zeros(5, np.float32))
    assert len(Sketch.none(dimension)) == 0
