"""Creation functions at the edges: numbers and sizes that a dtype or a machine can't hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.report.record import OutputRecord
from difftool.session import Session


def value(expression: str, **inputs: Any) -> Any:
    output = Session(seed=0, max_memory=10**6).evaluate(expression, inputs).output
    assert isinstance(output, OutputRecord)
    return output.data


def kind(expression: str) -> str:
    with pytest.raises(DifftoolError) as caught:
        value(expression)
    assert caught.value.span is not None
    return caught.value.kind


@pytest.mark.parametrize(
    "expression",
    [
        "tensor(2^63)",
        "tensor([0, -2^63 - 1])",
        "tensor(300, dtype=torch.uint8)",
        "tensor(-256, dtype=torch.uint8)",
        "tensor([1.5, nan], dtype=int)",
        "tensor(inf, dtype=torch.int8)",
        "full((2,), 10^40)",
        "full((2,), 128, dtype=torch.int8)",
        "full_like(tensor([1], dtype=torch.uint8), 300)",
        "arange(10^40, 10^40 + 2)",
        "arange(0, 300, 100, dtype=torch.int8)",
        "linspace(0, 10^400, 3)",
        "ones(2) * 10^400",
    ],
)
def test_integers_hold_what_fits(expression: str) -> None:
    """As in PyTorch, which wraps nothing here but what is negative in uint8."""
    assert kind(expression) == "value"


@pytest.mark.parametrize(
    ("expression", "dtype", "data"),
    [
        ("tensor(2^63 - 1)", "int64", 2**63 - 1),
        ("tensor(-2^63)", "int64", -(2**63)),
        ("tensor([-1, -255], dtype=torch.uint8)", "uint8", [255, 1]),
        ("tensor([-1.0], dtype=torch.uint8)", "uint8", [255]),
        ("full((2,), -1, dtype=torch.uint8)", "uint8", [255, 255]),
        ("tensor([1.9, -1.9], dtype=torch.int8)", "int8", [1, -1]),
        ("tensor([3, 0], dtype=bool)", "bool", [True, False]),
        ("full((2,), nan, dtype=bool)", "bool", [True, True]),
        ("tensor([2^63, 1.5])", "float64", [2.0**63, 1.5]),
        ("tensor([1e300], dtype=torch.float32)", "float32", [np.inf]),
        ("half(tensor([2.])) * 1e30", "float16", [np.inf]),
        ("tensor([1.]) * 10^300", "float64", [1e300]),
        ("[10^300]", "float64", [1e300]),
    ],
)
def test_other_numbers_are_converted(expression: str, dtype: str, data: Any) -> None:
    found = value(expression)
    assert (found.dtype.name, found.tolist()) == (dtype, data)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ones(-1)", "shape"),
        ("ones(2^62, 4)", "limit"),
        ("zeros(0, 2^63)", "limit"),
        ("randn(0, 2^63, 1)", "limit"),
        ("arange(0, 1e300, 1e-300)", "limit"),
        ("arange(10^18)", "limit"),
        ("rand(10^6)", "limit"),
        ("randperm(10^7)", "limit"),
        ("eye(1000)", "limit"),
        ("ones(" + "1, " * 65 + "1)", "limit"),
        ("arange(0, 1, -1)", "value"),
        ("arange(0, nan)", "value"),
        ("ones(2.5)", "argument"),
    ],
)
def test_sizes_that_no_tensor_has(expression: str, expected: str) -> None:
    assert kind(expression) == expected


def test_tensors_in_a_list_are_stacked_and_differentiable() -> None:
    found = Session().grad("sum([[x, y], [y, 2*x]] * [[1, 2], [3, 4]])", {"x": 1.0, "y": 5.0})
    assert found.output.data == 34
    assert {name: g.array for name, g in found.gradients.items()} == {"x": 9.0, "y": 5.0}


@pytest.mark.parametrize(
    "expression",
    [
        "zeros(2, device='cpu')",
        "arange(2, device=x.device) * 0",
        "x.new_zeros(2, device=None, pin_memory=False)",
    ],
)
def test_the_only_device_there_is_may_be_named(expression: str) -> None:
    np.testing.assert_array_equal(value(expression, x=np.ones(1)), [0, 0])


def test_other_devices_are_refused() -> None:
    with pytest.raises(DifftoolError, match="device"):
        value("zeros(2, device='cuda')")
