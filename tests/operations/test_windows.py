"""Sliding windows beyond what the declarations and the oracle check: names, blocks, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.cli.functions import record
from difftool.errors import DifftoolError
from difftool.operations.network import convolution_kernel
from difftool.operations.registry import find
from difftool.session import Session


def value(expression: str, **inputs: Any) -> Any:
    output: Any = Session().evaluate(expression, inputs).output
    return output.data


def test_the_patches_of_a_module_are_not_the_method_of_a_tensor() -> None:
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    for name in ("F.unfold", "nn.functional.unfold", "torch.nn.functional.unfold"):
        assert value(f"{name}(x, 2)", x=x).shape == (1, 4, 4)
        assert record(name).functions[0].name == "functional.unfold"
    method = find("unfold")
    assert method is None or method is not find("functional.unfold")


@pytest.mark.parametrize("block", [1, 7, 40, 1000])
def test_blocks_of_columns_make_up_the_convolution(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = np.random.default_rng(0)
    x, weight = source.standard_normal((5, 4, 6, 5)), source.standard_normal((6, 2, 3, 2))
    form: Any = ((2, 1), (1, 0), (1, 2), 2)
    y = convolution_kernel.convolved(x, weight, (3, 3), *form)
    image = convolution_kernel.spread(y, weight, (6, 5), *form)
    named: Any = dict(zip(("stride", "padding", "dilation", "groups"), form, strict=True))
    of_weight = convolution_kernel.weighed(x, y, size=(3, 2), **named)
    # The three are one trilinear form.
    total = np.sum(y * y)
    np.testing.assert_allclose([np.sum(image * x), np.sum(of_weight * weight)], [total, total])
    monkeypatch.setattr(convolution_kernel, "BLOCK", block)
    np.testing.assert_allclose(convolution_kernel.convolved(x, weight, (3, 3), *form), y)
    np.testing.assert_allclose(convolution_kernel.spread(y, weight, (6, 5), *form), image)
    again = convolution_kernel.weighed(x, y, size=(3, 2), **named)
    np.testing.assert_allclose(again, of_weight)


@pytest.mark.parametrize(
    ("expression", "kind", "named"),
    [
        ("conv1d(ones(1, 3, 4), ones(2, 2, 2))", "shape", "channels"),
        ("conv1d(ones(1, 2, 4), ones(2, 2, 5))", "shape", "does not fit"),
        ("conv1d(ones(1, 2, 4), ones(2, 2, 2), ones(3))", "shape", "bias"),
        ("conv1d(ones(1, 2, 4), ones(2, 2, 2), padding='full')", "argument", "full"),
        ("conv1d(ones(1, 2, 4), ones(2, 2, 2), stride=2, padding='same')", "argument", "stride"),
        ("conv2d(ones(4, 4), ones(2, 2, 2, 2))", "shape", "conv2d"),
        ("conv_transpose1d(ones(1, 2, 4), ones(2, 2, 2), output_padding=1)", "argument", "stride"),
        ("conv1d(ones(1, 2, 4), ones(2, 2, 2).float())", "dtype", "float32"),
        ("F.max_pool2d(ones(1, 4, 4), 2, padding=2)", "argument", "padding"),
        ("F.avg_pool1d(ones(1, 4), 5)", "shape", "does not fit"),
        ("F.avg_pool2d(ones(1, 4, 4), 2, divisor_override=0)", "argument", "zero"),
        ("F.adaptive_avg_pool2d(ones(1, 4, 4), (2, 2, 2))", "argument", "size"),
        ("F.max_unpool1d(ones(1, 2), tensor([[0, 9]]), 2)", "index", "9"),
        ("F.fold(ones(4, 5), (3, 3), 2)", "shape", "windows"),
    ],
)
def test_what_does_not_fit_is_named(expression: str, kind: str, named: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        value(expression)
    assert caught.value.kind == kind
    assert named in caught.value.message
    assert caught.value.hint
