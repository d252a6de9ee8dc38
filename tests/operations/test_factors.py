"""Factors of matrices: what kernels of our own give, edge cases, and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.operations.linear import (
    eigenvalue_kernel,
    lu_kernel,
    row_exchanges,
    singular_value_kernel,
)
from difftool.operations.linear.triangular_kernel import solved
from difftool.session import Session

Array = np.ndarray[Any, Any]


def drawn(*shape: int) -> Array:
    return np.random.default_rng(0).standard_normal(shape)


def value(expression: str, **inputs: Any) -> Any:
    output: Any = Session().evaluate(expression, inputs).output
    return output.data


def gradient(expression: str, **inputs: Any) -> Any:
    return Session().grad(expression, inputs).gradients["x"].array


# ----- Kernels -----


@pytest.mark.parametrize("shape", [(100, 100), (2, 3, 70, 40), (3, 40, 70), (0, 3, 3), (2, 0, 4)])
def test_lu_makes_up_the_matrix(shape: tuple[int, ...]) -> None:
    x = drawn(*shape)
    factors, pivots, info = lu_kernel.eliminated(x)
    p = row_exchanges.matrix(pivots, shape[-2], x.dtype)
    lower, upper = lu_kernel.lower_of(factors), lu_kernel.upper_of(factors)
    np.testing.assert_allclose(p @ lower @ upper, x, atol=1e-12)
    assert np.all(np.abs(lower) <= 1) and not np.any(info)


def test_lu_says_which_pivot_is_zero() -> None:
    x = np.array([[[1.0, 2.0], [2.0, 4.0]], [[0.0, 0.0], [0.0, 1.0]], [[1.0, 2.0], [3.0, 4.0]]])
    assert lu_kernel.eliminated(x)[2].tolist() == [2, 1, 0]


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("left", [False, True])
def test_triangular_systems_of_many_rows_are_solved(upper: bool, left: bool) -> None:
    triangle = drawn(2, 150, 150) / 20 + 2 * np.eye(150)
    sides = drawn(150, 5) if left else drawn(5, 150)
    x = solved(triangle, sides, upper=upper, left=left)
    read = np.triu(triangle) if upper else np.tril(triangle)
    product = read @ x if left else x @ read
    np.testing.assert_allclose(product, np.broadcast_to(sides, product.shape), atol=1e-12)


def test_a_zero_on_the_diagonal_divides_by_zero_as_in_lapack() -> None:
    found = solved(np.array([[0.0, 0.0], [1.0, 1.0]]), np.ones((2, 1)), upper=False)
    assert found.tolist() == [[np.inf], [-np.inf]]


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    "shape", [(3, 3), (2, 4, 3), (5, 4), (2, 3), (2, 3, 3, 7), (1, 4), (40, 50), (0, 3), (3, 0)]
)
def test_singular_vectors_are_orthonormal_and_make_up_the_matrix(
    shape: tuple[int, ...], full: bool
) -> None:
    x = drawn(*shape)
    left, values, right = singular_value_kernel.decomposed(x, full)
    count = min(shape[-2:])
    made = (left[..., :count] * values[..., None, :]) @ right[..., :count, :]
    np.testing.assert_allclose(made, x, atol=1e-13)
    for columns in (left, np.swapaxes(right, -1, -2)):
        products = np.swapaxes(columns, -1, -2) @ columns
        np.testing.assert_allclose(products - np.eye(columns.shape[-1]), 0, atol=1e-13)


def test_singular_values_of_equal_and_zero_matrices_are_right() -> None:
    x = np.array([np.zeros((2, 3)), np.ones((2, 3)), np.eye(2, 3)])
    _, values, _ = singular_value_kernel.decomposed(x)
    np.testing.assert_allclose(values, np.array([[0, 0], [6**0.5, 0], [1, 1]]), atol=1e-15)


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 6, 8, 9])
def test_eigenvectors_are_those_of_the_triangle_that_is_read(size: int, upper: bool) -> None:
    x = drawn(4, size, size)
    x[1] = np.eye(size)
    x[2] = np.diag(np.arange(size))
    one = np.triu(x) if upper else np.tril(x)
    whole = one + np.swapaxes(one, -1, -2) - one * np.eye(size)
    values, vectors = eigenvalue_kernel.decomposed(x, upper)
    np.testing.assert_allclose(whole @ vectors, vectors * values[..., None, :], atol=1e-13)
    assert np.all(np.diff(values) >= 0)


def test_the_iteration_for_signs_finds_the_eigenvectors() -> None:
    basis, (diagonal,), (beside,) = eigenvalue_kernel._tridiagonal(
        (x := drawn(1, 7, 7)) + np.swapaxes(x, 1, 2), False
    )
    rows = eigenvalue_kernel._iterated(list(diagonal), list(beside), 2.0**-53)
    turned = basis[0] @ rows.T
    whole = (x + np.swapaxes(x, 1, 2))[0]
    inner = turned.T @ whole @ turned
    np.testing.assert_allclose(inner, np.diag(np.diag(inner)), atol=1e-12)


def test_what_is_not_finite_has_eigenvalues_of_nan_and_no_singular_values() -> None:
    x = np.array([np.eye(2), np.full((2, 2), np.nan)])
    np.testing.assert_array_equal(value("linalg.eigvalsh(x)", x=x), [[1, 1], [np.nan, np.nan]])
    with pytest.raises(DifftoolError, match="NaN"):
        value("linalg.svdvals(x)", x=x)


# ----- Functions of matrices -----


def test_the_exponential_is_exact_to_rounding_for_small_and_large_matrices() -> None:
    basis, _ = np.linalg.qr(drawn(5, 5))
    for scale in (1e-8, 1.0, 30.0):
        rates = scale * np.linspace(-1, 1, 5)
        expected = (basis * np.exp(rates)) @ basis.T
        found = value("matrix_exp(x)", x=(basis * rates) @ basis.T)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13 * np.exp(scale))
    nilpotent = [[0.0, 100.0, 100.0], [0.0, 0.0, 100.0], [0.0, 0.0, 0.0]]
    exact = np.array([[1, 100, 5100], [0, 1, 100], [0, 0, 1]])
    np.testing.assert_allclose(value("matrix_exp(x)", x=nilpotent), exact, rtol=1e-12)


def test_matrices_of_one_batch_are_scaled_each_by_itself() -> None:
    x = np.array([[[1e-3]], [[50.0]], [[-700.0]], [[800.0]]])
    found = value("matrix_exp(x)", x=x)
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(found, np.exp(x), rtol=1e-12)


def test_the_pseudoinverse_of_a_matrix_without_full_rank_has_a_gradient() -> None:
    """A P A = A holds along every direction that keeps the rank: here a multiple of A."""
    x = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
    np.testing.assert_allclose(x @ value("pinv(x)", x=x) @ x, x, atol=1e-14)
    slope = np.sum(gradient("sum(pinv(x))", x=x) * x)
    np.testing.assert_allclose(slope, -np.sum(value("pinv(x)", x=x)), rtol=1e-12)


def test_reflections_with_the_factor_zero_are_none() -> None:
    found = value("householder_product(x, zeros(2))", x=drawn(3, 2))
    np.testing.assert_array_equal(found, np.eye(3, 2))
    found = gradient("sum(householder_product(x, tensor([0., 1.])))", x=drawn(3, 2))
    assert np.all(np.isfinite(found)) and not np.any(found[:, 0])


def test_the_condition_number_of_a_singular_matrix_is_infinite() -> None:
    for norm in ("1", "inf", "'fro'"):
        assert value(f"linalg.cond(x, {norm})", x=np.ones((2, 2))) == np.inf


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("sum(linalg.qr(x, 'complete').Q)", "unsupported"),
        ("sum(linalg.qr(x, 'r').R)", "unsupported"),
        ("sum(geqrf(x).a)", "unsupported"),
        ("sum(linalg.lstsq(ones(3, 2) * x, x, driver='gelsd').residuals)", "value"),
        ("linalg.svdvals(x.half())", "dtype"),
        ("linalg.pinv(ones(2, 2), atol=x.sum()).sum()", "unsupported"),
        ("linalg.cond(x, 'max')", "argument"),
        ("linalg.lu(x[:2], pivot=False)[1].sum()", "unsupported"),
    ],
)
def test_refusals(expression: str, kind: str) -> None:
    x = drawn(3, 2) if "lstsq" not in expression else np.ones((3, 2))
    with pytest.raises(DifftoolError) as caught:
        Session().grad(expression, {"x": x})
    assert caught.value.kind == kind
