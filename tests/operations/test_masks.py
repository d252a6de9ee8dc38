"""Masks and places: what depends on values, and errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import difftool
from difftool.errors import DifftoolError
from tests.operations.derivatives import value

INPUTS: dict[str, Any] = {
    "x": np.arange(6.0).reshape(2, 3),
    "m": np.array([[True, False, True], [False, True, True]]),
    "c": np.array([0, 2]),
    "negative": np.array([0, -1]),
}


@pytest.mark.parametrize(
    ("expression", "kind", "message"),
    [
        ("masked_select(x, x)", "dtype", "the mask of masked_select is float64"),
        ("masked_select(x, tensor([True, False]))", "shape", "do not broadcast"),
        ("masked_scatter(x, m, ones(3))", "shape", "3 elements for 4 places"),
        ("masked_scatter(x, m, ones(9).float())", "dtype", "float32 into float64"),
        ("where(x, x, 0)", "dtype", "float64, not boolean"),
        ("x.where(m)", "argument", "needs a condition"),
        ("isin(m, x)", "dtype", "booleans"),
        ("isin(2, 2)", "argument", "two numbers"),
        ("one_hot(c, 2)", "index", "a class 2, and num_classes is 2"),
        ("one_hot(negative)", "index", "a class -1"),
        ("one_hot(negative, 3)", "index", "a class -1"),
        ("one_hot(c[:0])", "value", "empty tensor"),
        ("one_hot(c, -2)", "argument", "-2 classes"),
        ("one_hot(c.int())", "dtype", "int32"),
        ("unravel_index(x, (2, 3))", "dtype", "float64"),
        ("unravel_index(c, (0, 3))", "shape", "no places"),
        ("nonzero_static(x, size=-1)", "shape", "-1 rows"),
    ],
)
def test_errors(expression: str, kind: str, message: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        value(expression, **INPUTS)
    assert caught.value.kind == kind
    assert message in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "expression", ["masked_select(x, x > 1)", "nonzero(x) * x[0, 0]", "one_hot(x.long()) * x[0, 0]"]
)
def test_compile_refuses_a_shape_that_depends_on_values(expression: str) -> None:
    with pytest.raises(DifftoolError, match="depends on the values of the inputs"):
        difftool.compile(f"sum({expression})", INPUTS)


def test_compile_takes_masks_and_classes_that_are_written_down() -> None:
    given = {"x": INPUTS["x"]}
    for expression, wanted in {
        "sum(masked_select(x, [True, False, True]))": 10.0,
        "sum(one_hot([0, 2]) * x)": 5.0,
        "sum(one_hot(x[0].long(), 6) * x[0, 1])": 3.0,
        "sum(x[nonzero(tensor([0, 1]))[:, 0]])": 12.0,
    }.items():
        assert difftool.compile(expression, given).value(given) == wanted


def test_a_program_asks_for_places_while_it_runs() -> None:
    program = (
        "x = torch.tensor([1., -2., 3.], requires_grad=True)\n"
        "for i in range(2):\n"
        "    y = torch.masked_select(x, x > i)\n"
        "    print(torch.nonzero(x > 0).tolist(), y.shape)\n"
        "(y ** 2).sum().backward()\n"
        "print(x.grad)\n"
    )
    assert difftool.run(program).output == (
        "[[0], [2]] torch.Size([2])\n[[0], [2]] torch.Size([1])\ntensor([0., 0., 6.])\n"
    )


def test_nan_is_among_no_others() -> None:
    assert value("isin(tensor([nan, 2.]), tensor([2., nan, nan]))").tolist() == [False, True]
