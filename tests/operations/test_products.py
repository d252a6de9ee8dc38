"""Products and distances where their kernels work piece by piece, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.operations.linear import added_products, point_distances
from difftool.operations.linear.matrix_chain import _splits
from difftool.report.record import OutputRecord
from difftool.session import Session

Array = np.ndarray[Any, Any]


def value(expression: str, **inputs: Array) -> Array:
    output = Session().evaluate(expression, inputs).output
    assert isinstance(output, OutputRecord)
    return output.data


def drawn(*shape: int) -> Array:
    return np.random.default_rng(5).standard_normal(shape)


def test_a_sum_of_many_products_is_added_up_in_pieces() -> None:
    x, y = drawn(50, 40, 3), drawn(50, 3, 60)
    assert 40 * 60 * 50 > 3 * added_products._PIECE
    found = value("addbmm(zeros(40, 60), x, y, alpha=2)", x=x, y=y)
    np.testing.assert_allclose(found, 2 * (x @ y).sum(0), 1e-12, 1e-12)


@pytest.mark.parametrize("p", [0, 0.5, 1, 2, 3, np.inf])
def test_many_distances_are_taken_in_pieces(p: float) -> None:
    x, y = drawn(90, 7), drawn(110, 7)[20:]
    assert 90 * 90 * 7 > point_distances.PIECE and 45 * 89 * 7 < point_distances.PIECE
    expected = np.linalg.norm(x[:, None] - y, ord=p, axis=-1)
    found = value(f"cdist(x, y, {p}, 'donot_use_mm_for_euclid_dist')", x=x, y=y)
    np.testing.assert_allclose(found, expected, 1e-12)
    rows = drawn(110, 7)
    pairs = np.triu_indices(110, 1)
    expected = np.linalg.norm(rows[pairs[0]] - rows[pairs[1]], ord=p, axis=-1)
    np.testing.assert_allclose(value(f"pdist(x, {p})", x=rows), expected, 1e-12)


def test_distances_of_near_points_keep_their_digits() -> None:
    x = 1e8 + np.arange(60.0).reshape(30, 2)
    found = value("cdist(x, x)", x=x)
    np.testing.assert_allclose(found, np.linalg.norm(x[:, None] - x, axis=-1), 1e-15)


def test_the_order_of_a_chain_costs_least() -> None:
    """The example of T. Cormen et al., "Introduction to Algorithms", 3rd ed., figure 15.5."""
    sizes = [30, 35, 15, 5, 10, 20, 25]
    splits = _splits(sizes)
    assert (splits[0, 5], splits[0, 2], splits[3, 5]) == (2, 0, 4)


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("addmm(1, ones(2, 2), ones(2, 2))", "argument"),
        ("addmm(ones(3), ones(2, 2), ones(2, 2))", "shape"),
        ("addmm(ones(2, 2).float(), ones(2, 2), ones(2, 2))", "dtype"),
        ("cross(ones(2, 2), ones(2, 2))", "shape"),
        ("linalg.cross(ones(2, 3), ones(3))", "shape"),
        ("tensordot(ones(2, 3), ones(3), (1, 0))", "argument"),
        ("tensordot(ones(2, 3), ones(3), ([1], [x]))", "argument"),
        ("tensordot(ones(2, 3), ones(2), 1)", "shape"),
        ("tensordot(ones(2, 3), ones(3), sum(x))", "argument"),
        ("linalg.multi_dot([ones(2, 3)])", "argument"),
        ("linalg.multi_dot([ones(2, 3), ones(2, 3)])", "shape"),
        ("matrix_power(ones(2, 3), 2)", "shape"),
        ("cdist(ones(2, 3), ones(2, 3), -1)", "argument"),
        ("cdist(ones(2, 3), ones(2, 3), 2, 'fast')", "argument"),
        ("pdist(ones(2, 2, 3))", "shape"),
        ("einsum(ones(2, 3), [0, 60])", "argument"),
        ("einsum(ones(2, 3), ones(3))", "argument"),
        ("einsum(ones(2, 3), 1)", "argument"),
    ],
)
def test_refusals(expression: str, kind: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        Session().evaluate(expression, {"x": np.ones(2)})
    assert caught.value.kind == kind
    assert caught.value.hint
