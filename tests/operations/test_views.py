"""Views whose elements stand several times in the result, and those that programs write through."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import difftool
from difftool.errors import DifftoolError
from tests.operations.derivatives import evaluation, value

X = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("size", "step"), [(1, 1), (5, 1), (7, 2), (3, 5), (20, 1), (2, 19), (11, 3)]
)
def test_the_gradient_of_windows_counts_how_often_an_element_stands_in_them(
    size: int, step: int
) -> None:
    x = np.ones((2, 20))
    found = difftool.grad(f"x.unfold(1, {size}, {step}).sum()", {"x": x}).gradients["x"]
    starts = range(0, 20 - size + 1, step)
    times = [sum([start <= place < start + size for start in starts]) for place in range(20)]
    np.testing.assert_array_equal(found, [times, times])


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_padding_is_that_of_numpy(mode: str) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    names = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    pad: Any = np.pad
    expected = pad(x, ((0, 0), (0, 0), (3, 1), (2, 4)), names[mode])
    np.testing.assert_array_equal(value(f"pad(x, (2, 4, 3, 1), '{mode}')", x=x), expected)


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("x[1].as_strided((2,), (1,), 1)", "whole tensor"),
        ("x[0].expand(2, 3).as_strided((2,), (1,))", "whole tensor"),
        ("x.as_strided((3,), (3,))", "less than"),
        ("as_strided_scatter(x, ones(2, 2), (2, 2), (1, 1))", "not defined"),
        ("as_strided_scatter(x.T, ones(2), (2,), (1,))", "contiguous"),
        ("vander(x[0]).sum()", "linalg.vander"),
    ],
)
def test_what_is_refused_says_the_way_out(expression: str, hint: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        evaluation(expression, x=X)
        difftool.grad(expression, {"x": X})
    assert hint in str(caught.value.hint)


@pytest.mark.parametrize(
    "view",
    [
        "x.split(1, 1)[1]",
        "x.split([1, 2], 1)[1]",
        "x.chunk(3, 1)[2]",
        "x.unbind()[1]",
        "x.unfold(1, 2, 2)",
        "x.as_strided((2, 2), (1, 3))",
        "x.narrow(1, 1, 2)",
        "x.tensor_split(2)[1]",
    ],
)
def test_a_program_writes_through_a_view(view: str) -> None:
    source = f"import torch\nx = torch.zeros(2, 3)\ny = {view}\ny += 1\nprint(y.mean(), x.sum())"
    count = int(value(f"{view}.numel() + 0 * x[0, 0]", x=X))
    assert difftool.run(source).output.split() == ["tensor(1.)", f"tensor({count}.)"]
