"""The derivatives of the Python functions and of a session, against a record of torch.func.

`tests/oracle/record_derivatives.py` makes the record and describes it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import difftool
from difftool.autodiff import higher
from difftool.derivatives import labels
from difftool.session import Session
from tests.test_oracle import Array, Case, array_of, inputs_of, numbers

RECORD = Path(__file__).parent / "data" / "derivatives.json"
CASES: list[Case] = json.loads(RECORD.read_text(encoding="utf-8"))["cases"]

each_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
each_scalar = pytest.mark.parametrize(
    "case",
    [case for case in CASES if "hessians" in case],
    ids=[case["name"] for case in CASES if "hessians" in case],
)


def tangents_of(case: Case) -> dict[str, Any]:
    inputs = inputs_of(case)
    return {
        name: np.array(data, float).reshape(inputs[name].shape)
        for name, data in case["tangents"].items()
    }


def assert_close(found: Array, expected: Any, shape: tuple[int, ...], dtype: str) -> None:
    """Equal, within what another order of additions makes; NaN is NaN."""
    assert (found.shape, found.dtype) == (shape, dtype)
    relative, absolute = (1e-9, 1e-11) if dtype == "float64" else (2e-5, 2e-6)
    wanted = np.array(numbers(expected), dtype).reshape(shape)
    np.testing.assert_allclose(found, wanted, relative, absolute)


# ----- As torch.func has them -----


@each_case
def test_the_product_with_tangents(case: Case) -> None:
    inputs, output = inputs_of(case), array_of(case["output"])
    value, tangent = difftool.jvp(case["expression"], inputs, tangents_of(case))
    assert_close(value, case["output"]["data"], output.shape, output.dtype.name)
    assert_close(tangent, case["tangent"], output.shape, output.dtype.name)


@each_case
def test_the_product_of_a_vector(case: Case) -> None:
    inputs = inputs_of(case)
    shape = tuple(case["output"]["shape"])
    vector = case.get("grad_output")
    vector = None if vector is None else np.array(vector, float).reshape(shape)
    value, gradients = difftool.vjp(case["expression"], inputs, vector)
    assert_close(value, case["output"]["data"], shape, case["output"]["dtype"])
    assert list(gradients) == list(case["gradients"])
    for name, gradient in gradients.items():
        expected = case["gradients"][name]
        assert_close(gradient, expected, inputs[name].shape, inputs[name].dtype.name)


@each_case
def test_jacobians(case: Case) -> None:
    inputs = inputs_of(case)
    shape = tuple(case["output"]["shape"])
    found = difftool.jacobian(case["expression"], inputs)
    assert list(found) == list(case["jacobians"])
    for name, array in found.items():
        expected = case["jacobians"][name]
        assert_close(array, expected, shape + inputs[name].shape, inputs[name].dtype.name)


@each_scalar
def test_the_product_with_the_hessian(case: Case) -> None:
    inputs = inputs_of(case)
    found = difftool.hvp(case["expression"], inputs, tangents_of(case))
    assert list(found) == list(case["products"])
    for name, array in found.items():
        expected = case["products"][name]
        assert_close(array, expected, inputs[name].shape, inputs[name].dtype.name)


@each_scalar
def test_hessians(case: Case) -> None:
    inputs = inputs_of(case)
    found = difftool.hessian(case["expression"], inputs)
    names = list(case["hessians"])
    assert list(found) == [(first, second) for first in names for second in names]
    for (first, second), block in found.items():
        shape = inputs[first].shape + inputs[second].shape
        assert_close(block, case["hessians"][first][second], shape, inputs[first].dtype.name)


# ----- What is asked -----


def test_wrt_picks_inputs_and_the_others_are_constants() -> None:
    inputs = {"x": [1.0, 2.0], "y": [3.0, 4.0], "k": np.array([1, 2])}
    assert list(difftool.jacobian("x*y*k", inputs, ["y"])) == ["y"]
    assert list(difftool.hessian("sum(x*y*k)", inputs, wrt=["y", "x"])) == [
        *(("x", "x"), ("x", "y"), ("y", "x"), ("y", "y"))
    ]
    assert list(difftool.vjp("x*y*k", inputs, [1, 1], wrt=["y"])[1]) == ["y"]
    found = difftool.hvp("sum((x*y)^2)", inputs | {"k": 1.0}, {"y": [1.0, 0.0]}, wrt=["y"])
    assert {name: array.tolist() for name, array in found.items()} == {"y": [2.0, 0.0]}


def test_inputs_without_a_tangent_stand_still_and_are_named() -> None:
    inputs = {"x": np.array(2.0), "y": np.array(3.0), "z": np.array(4.0)}
    record = Session().jvp("x*y*z", inputs, {"y": np.array(1.0)})
    assert (record.tangent.tolist(), record.still) == (8.0, ("x", "z"))
    products = Session().hvp("x*y*z", inputs, {"y": np.array(1.0)})
    assert {name: array.tolist() for name, array in products.products.items()} == {
        "x": 4.0,
        "y": 0.0,
        "z": 2.0,
    }
    assert products.still == ("x", "z")


@pytest.mark.parametrize("expression", ["sum(x)", "3*x[0] + 2", "sum(detach(x)*x)"])
def test_the_hessian_of_a_linear_function_is_zeros(expression: str) -> None:
    (block,) = difftool.hessian(expression, {"x": [1.0, 2.0]}).values()
    assert block.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_an_output_that_uses_no_input_has_zeros() -> None:
    inputs = {"x": np.ones((2, 3), "float32"), "s": 2.0}
    text = "y = x*s; ones(4)"
    value, tangent = difftool.jvp(text, inputs, {"s": 1.0})
    assert (value.tolist(), tangent.tolist()) == ([1.0] * 4, [0.0] * 4)
    found = difftool.jacobian(text, inputs)
    assert not any(map(np.any, found.values()))
    assert (found["x"].shape, found["x"].dtype) == ((4, 2, 3), np.float32)
    assert (found["s"].shape, found["s"].dtype) == ((4,), np.float64)
    blocks = difftool.hessian("y = x*s; 1.0*ones(())", inputs)
    assert blocks["x", "s"].shape == (2, 3) and not any(map(np.any, blocks.values()))
    assert Session().jacobian(text, {"x": np.ones(2), "s": 2.0}).unused == ("x", "s")


def test_tensors_of_the_text_are_differentiated_by_too() -> None:
    text = "w = ones(2, requires_grad=True); w*x"
    assert list(difftool.jacobian(text, {"x": [1.0, 2.0]})) == ["x", "w"]
    _, tangent = difftool.jvp(text, {"x": [1.0, 2.0]}, {"w": [1.0, 3.0]})
    assert tangent.tolist() == [1.0, 6.0]


def test_a_seed_gives_every_derivative_the_same_numbers() -> None:
    draws: dict[str, Any] = {
        "expression": "sum(x^2*randn(3))",
        "inputs": {"x": np.ones(3)},
        "seed": 5,
    }
    (block,) = difftool.hessian(**draws).values()
    assert np.array_equal(np.diag(block), difftool.jacobian(**draws)["x"])


def test_integers_are_tangents_and_everything_takes_a_dtype() -> None:
    value, tangent = difftool.jvp("x^2", {"x": [1.0, 2.0]}, {"x": np.array([1, 0])})
    assert tangent.tolist() == [2.0, 0.0]
    value, tangent = difftool.jvp("x^2", {"x": 3.0}, {"x": 1.0}, dtype="float32")
    assert (value.dtype, tangent.dtype) == (np.float32, np.float32)
    assert difftool.hessian("x^3", {"x": 2.0}, dtype="float32")["x", "x"].dtype == np.float32


# ----- Matrices -----


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((), ("x",)),
        ((2,), ("x[0]", "x[1]")),
        ((2, 2), ("x[0,0]", "x[0,1]", "x[1,0]", "x[1,1]")),
        ((1, 1, 2), ("x[0,0,0]", "x[0,0,1]")),
        ((0, 3), ()),
    ],
)
def test_elements_are_called_by_their_place(
    shape: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    assert labels("x", shape) == expected


def test_the_blocks_of_a_hessian_make_one_matrix() -> None:
    W, x, s = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0]), np.array(2.0)
    record = Session().hessian("s*sum((W @ x)^2)", {"s": s, "W": W, "x": x}, matrix=True)
    assert record.matrix is not None
    rows, columns, data = record.matrix
    assert rows == columns == ("s", "W[0,0]", "W[0,1]", "W[1,0]", "W[1,1]", "x[0]", "x[1]")
    assert np.array_equal(data, data.T)
    assert np.array_equal(data[5:, 5:], 4 * W.T @ W)
    for first, row in record.hessians.items():
        for second, block in row.items():
            part = data[[label.split("[")[0] == first for label in rows]]
            part = part[:, [label.split("[")[0] == second for label in columns]]
            assert np.array_equal(part, block.reshape(part.shape))


def test_the_jacobians_stand_side_by_side() -> None:
    inputs = {"x": np.array([1.0, 2.0]), "s": np.array(3.0, "float32")}
    record = Session().jacobian("outer(x, x)*s", inputs, matrix=True)
    assert record.matrix is not None
    assert record.matrix.rows == ("output[0,0]", "output[0,1]", "output[1,0]", "output[1,1]")
    assert record.matrix.columns == ("x[0]", "x[1]", "s")
    expected = [[6, 0, 1], [6, 3, 2], [6, 3, 2], [0, 12, 4]]
    assert record.matrix.data.tolist() == expected
    assert record.matrix.data.dtype == np.float64


@pytest.mark.parametrize(
    ("expression", "x", "shape"),
    [("x[:0]", np.ones(2), (0, 2)), ("sum(x)", np.ones((0, 2)), (1, 0)), ("x", 2.0, (1, 1))],
)
def test_a_matrix_may_have_no_rows_or_no_columns(
    expression: str, x: Any, shape: tuple[int, ...]
) -> None:
    record = Session().jacobian(expression, {"x": x, "y": np.ones((0, 3))}, matrix=True)
    assert record.matrix is not None
    assert record.matrix.data.shape == shape
    assert (len(record.matrix.rows), len(record.matrix.columns)) == shape


# ----- Refusals -----


@pytest.mark.parametrize("name", ["jvp", "hvp"])
@pytest.mark.parametrize(
    ("tangents", "kind", "message"),
    [
        ({}, "value", "no direction"),
        ({"x": [1.0]}, "shape", r"tangent of x has shape \(1,\), x has shape \(2,\)"),
        ({"x": 1.0}, "shape", r"tangent of x has shape \(\), x has shape \(2,\)"),
        ({"z": 1.0}, "name", "no input `z`"),
        ({"k": 1.0}, "dtype", "k is int64"),
        ({"x": "a"}, "dtype", "tangent of x"),
        ([1.0], "argument", "tangents must be arrays by name"),
        ({5: 1.0}, "argument", "name of a tangent"),
    ],
)
def test_a_tangent_that_does_not_fit_is_refused(
    name: str, tangents: Any, kind: str, message: str
) -> None:
    inputs = {"x": [1.0, 2.0], "k": np.array(2)}
    with pytest.raises(difftool.DifftoolError, match=message) as raised:
        getattr(difftool, name)("sum(k*x^2)", inputs, tangents)
    assert raised.value.kind == kind


@pytest.mark.parametrize(
    ("shape", "hint"), [((2,), "`difftool jacobian` of a gradient"), ((1,), "[0]"), ((0,), "sum")]
)
def test_a_hessian_is_of_a_scalar(shape: tuple[int, ...], hint: str) -> None:
    x = np.ones(shape)
    for ask in (
        lambda: difftool.hessian("x^2", {"x": x}),
        lambda: difftool.hvp("x^2", {"x": x}, {"x": x}),
    ):
        with pytest.raises(difftool.DifftoolError) as raised:
            ask()
        error = raised.value
        assert (error.kind, error.source, error.span) == ("shape", "x^2", (0, 3))
        assert f"this one has shape {shape}" in error.message and hint in str(error.hint)


@pytest.mark.parametrize("name", ["jvp", "vjp", "jacobian", "hessian", "hvp"])
@pytest.mark.parametrize(
    ("expression", "inputs", "kind"),
    [
        ("sum(detach(x))", {"x": [1.0]}, "value"),
        ("argmax(x)", {"x": [1.0]}, "value"),
        ("2 + 3", {}, "value"),
        ("sum(x)", {"x": np.array([1])}, "dtype"),
        ("x.shape", {"x": [1.0]}, "value"),
        ("sum(y)", {"x": [1.0]}, "name"),
        ("sum(x", {"x": [1.0]}, "syntax"),
        (5, {"x": [1.0]}, "argument"),
        ("sum(x)", 5, "argument"),
        ("sum(ones(10**6, 10**6))*x[0]", {"x": [1.0]}, "limit"),
    ],
)
def test_what_has_no_derivative_is_refused(
    name: str, expression: Any, inputs: Any, kind: str
) -> None:
    more = [{"x": [1.0]}] if name in ("jvp", "hvp") else []
    with pytest.raises(difftool.DifftoolError) as raised:
        getattr(difftool, name)(expression, inputs, *more)
    assert raised.value.kind == kind


def test_a_tangent_of_what_wrt_leaves_out_is_refused() -> None:
    with pytest.raises(difftool.DifftoolError, match="`y` has a tangent") as raised:
        difftool.hvp("x*y", {"x": 1.0, "y": 2.0}, {"y": 1.0}, wrt=["x"])
    assert raised.value.hint == "add --wrt y, or leave its tangent out"


def test_a_derivative_that_does_not_fit_is_refused_before_it_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: object) -> None:
        raise AssertionError("computed")

    monkeypatch.setattr(higher, "jacobian", fail)
    monkeypatch.setattr(higher, "hessian", fail)
    with pytest.raises(difftool.DifftoolError, match=r"this needs 74\.5 GiB") as raised:
        difftool.jacobian("x*2", {"x": np.zeros(10**5)}, max_memory=2**34)
    assert raised.value.kind == "limit" and "`difftool jvp`" in str(raised.value.hint)
    with pytest.raises(difftool.DifftoolError, match=r"this needs 74\.5 GiB") as raised:
        difftool.hessian("sum(x^2)", {"x": np.zeros(10**5)}, max_memory=2**34)
    assert raised.value.kind == "limit" and "`difftool hvp`" in str(raised.value.hint)
    # The matrix of two blocks is a second copy of them.
    blocks = {"x": np.zeros(10), "y": np.zeros(10)}
    session = Session(max_memory=2 * 8 * 10 * 10 * 2 - 1)
    with pytest.raises(difftool.DifftoolError, match="this needs"):
        session.jacobian("x*y", blocks, matrix=True)


# ----- NaN and infinity -----


@pytest.mark.parametrize(
    ("name", "expression", "warning"),
    [
        ("jacobian", "log(x)", "infinity in the value of `log(x)`"),
        ("jacobian", "sqrt(x)", "made by SqrtBackward0 of `sqrt(x)`"),
        ("jvp", "sqrt(x)", "made by SqrtBackward0 of `sqrt(x)`"),
        ("vjp", "sqrt(x)", "made by SqrtBackward0 of `sqrt(x)`"),
        ("hessian", "sum(sqrt(x))", "infinity in the gradient of `x`, made by SqrtBackward0"),
        ("hessian", "sum(x^1.5)", "second derivative: infinity in the gradient of `x`"),
        ("hvp", "sum(x^1.5)", "second derivative: infinity in the gradient of `x`"),
    ],
)
def test_what_made_the_first_infinity_is_named(name: str, expression: str, warning: str) -> None:
    inputs = {"x": np.array([4.0, 0.0])}
    more: dict[str, list[Any]] = {"jvp": [inputs], "hvp": [inputs], "vjp": [np.ones(2)]}
    record = getattr(Session(), name)(expression, inputs, *more.get(name, []))
    (said,) = record.warnings
    assert warning in said
