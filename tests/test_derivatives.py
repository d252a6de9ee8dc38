"""The derivatives of the Python functions and of a session, against a record of torch.func.

`tests/oracle/record_derivatives.py` makes the record and describes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
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
    [case for case in CASES if not case["output"]["shape"]],
    ids=[case["name"] for case in CASES if not case["output"]["shape"]],
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
