"""`operations.approximation`: kernels that work chunk by chunk, in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.operations.special.approximation import in_double, piecewise, polynomial
from tests.operations.derivatives import derivatives, value

Array = np.ndarray[Any, Any]


@in_double
def halved_sum(x: Array, y: Array, *, factor: float = 0.5) -> Array:
    assert x.dtype == y.dtype == np.float64
    assert x.ndim == y.ndim == 1 and x.size == y.size <= 4096
    return (x + y) * factor


def test_many_elements_in_chunks_are_those_of_the_whole() -> None:
    x = np.arange(60_000.0).reshape(200, 300)
    for operands in ((x, x[::-1]), (x.T, x[:, 0]), (x[:, ::2], x[:, :1]), (x, np.array(2.0))):
        np.testing.assert_array_equal(halved_sum(*operands), (operands[0] + operands[1]) / 2)


def test_single_precision_is_rounded_once() -> None:
    x = np.array([1, 2**24], np.float32)
    found = halved_sum(x, np.array([2**-24, 1], np.float32))
    assert found.dtype == np.float32
    expected = (x.astype(float) + [2**-24, 1]) / 2
    np.testing.assert_array_equal(found, expected.astype(np.float32))


def test_the_result_is_written_where_it_is_wanted_even_over_an_operand() -> None:
    x = np.linspace(0, 1, 20_000)
    y = x[::-1].copy()
    out = np.empty_like(x)
    assert halved_sum(x, y, out=out, factor=2) is out
    np.testing.assert_array_equal(out, (x + y) * 2)
    halved_sum(x, y, out=y)
    np.testing.assert_array_equal(y, out / 4)


def test_shapes_without_elements_and_without_dimensions() -> None:
    assert halved_sum(np.zeros((0, 3)), np.zeros(3)).shape == (0, 3)
    assert halved_sum(np.array(1.0), np.array(2.0)) == 1.5


def test_the_first_piece_counts_and_outside_of_all_is_nan() -> None:
    x = np.array([-1.0, 0.0, 1.0, 2.0])
    found = piecewise((x,), (x > 1, lambda x: x * 10), (x > 0, lambda x: -x), (x == 0, np.cos))
    np.testing.assert_array_equal(found, [np.nan, 1, -1, 20])


def test_polynomial() -> None:
    np.testing.assert_array_equal(polynomial((1, 2, 3), np.array([0.0, 2.0])), [1, 17])


# ----- What the declarations and the record leave open -----


def test_derivatives_near_zero_do_not_cancel() -> None:
    """The slopes of sinc, i1 and i1e divide by x what is as small as x^2."""
    x = np.array([0.0, 1e-9, -1e-5, 1e-3])
    _, first, second = derivatives("sinc(x)", x)
    np.testing.assert_allclose(first, -(np.pi**2) / 3 * x, 1e-5)
    np.testing.assert_allclose(second, np.full(4, -(np.pi**2) / 3), 1e-5)
    _, first, second = derivatives("i1(x)", x)
    np.testing.assert_allclose(first, np.full(4, 0.5), 1e-6)
    np.testing.assert_allclose(second, 3 / 8 * x, 1e-5)
    _, first, second = derivatives("i1e(x)", x)
    np.testing.assert_allclose(first, 0.5 - np.abs(x), 1e-5)


def test_a_gradient_of_zero_stays_zero_where_the_logarithm_is_infinite() -> None:
    _, first, _ = derivatives("xlogy(x, tensor([0.0, 2.0]))[1] * 3", np.array([1.0, 1.0]))
    np.testing.assert_allclose(first, [0, 3 * np.log(2)])


def test_polynomials_of_high_degree() -> None:
    n = 10**6
    found = value("chebyshev_polynomial_t(x, 1000000)", x=[0.3, 1.0, -1.0, 1.0000001])
    expected = np.array([np.cos(n * np.arccos(0.3)), 1, 1, np.cosh(n * np.arccosh(1.0000001))])
    np.testing.assert_allclose(found, expected, 1e-7)
    assert np.isinf(value("chebyshev_polynomial_u(x, 1000001)", x=[-2.0]))
    assert value("chebyshev_polynomial_w(x, 101)", x=[-1.0]) == -1
    assert value("legendre_polynomial_p(x, 1000)", x=[1.0]) == 1
    assert np.isnan(value("hermite_polynomial_h(x, 600)", x=[1.0]))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("polygamma(-1, x)", "polygamma has no order -1"),
        ("mvlgamma(x, 0)", "mvlgamma has no dimension 0"),
        ("mvlgamma(x > 0, 2)", "booleans"),
        ("igamma(tensor([1, 2]), tensor([1, 2]))", "igamma needs a floating-point tensor"),
        ("erfcx(x.half())", "erfcx is not defined for float16"),
        ("legendre_polynomial_p(x, 2000000)", "degree 2000000 takes too many steps"),
    ],
)
def test_refusals_say_what_is_wrong(expression: str, message: str) -> None:
    with pytest.raises(DifftoolError, match=message):
        value(expression, x=[1.0, 2.0])


@pytest.mark.parametrize("expression", ["igamma(x, 2 * x)", "igammac(x, x)", "zeta(x, 2)"])
def test_what_has_no_derivative_in_pytorch_says_how_to_do_without(expression: str) -> None:
    with pytest.raises(DifftoolError, match="first argument") as caught:
        derivatives(expression, [1.5, 2.5])
    assert ".detach()" in str(caught.value.hint)
