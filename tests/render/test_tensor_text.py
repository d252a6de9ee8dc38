"""Tensors as text, against what PyTorch printed (`tests/oracle/record_printing.py`)."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difftool.render import tensor_text

RECORD = json.loads((Path(__file__).parents[1] / "data" / "printing.json").read_text())
CASES = RECORD["cases"]


def array_of(case: dict[str, Any]) -> Any:
    shape, dtype = case["shape"], case["dtype"]
    if "bytes" in case:
        flat = np.frombuffer(base64.b64decode(case["bytes"]), dtype=dtype)
    else:
        factor, modulus, shift = map(int, case["formula"][:3])
        scale = case["formula"][3]
        counted = np.arange(int(np.prod(shape)))
        flat = ((counted * factor % modulus - shift) * scale).astype(dtype)
    return flat.reshape(shape)


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_prints_as_pytorch(case: dict[str, Any]) -> None:
    options = ("precision", "grad_fn", "requires_grad", "default_dtype")
    given = {name: case[name] for name in options if name in case}
    assert tensor_text.tensor(array_of(case), **given) == case["text"]


def test_the_record_is_of_the_release_the_module_names() -> None:
    assert RECORD["torch"].startswith("2.13")
    assert "PyTorch 2.13" in (tensor_text.__doc__ or "")


def test_memory_order_does_not_show() -> None:
    array = np.arange(6.0).reshape(2, 3)
    turned = np.asfortranarray(array)
    assert tensor_text.brackets(turned) == tensor_text.brackets(array)
    assert tensor_text.brackets(array[:, ::-1].T[::2]) == "[[2., 5.],\n [0., 3.]]"


def test_cells_use_their_own_limits() -> None:
    array = np.arange(100.0).reshape(10, 10)
    text = tensor_text.brackets(array, threshold=9, edge_items=1)
    assert text == "[[ 0.,  ...,  9.],\n ...,\n [90.,  ..., 99.]]"
    wrapped = tensor_text.brackets(np.arange(8) / 3, line_width=24)
    assert wrapped.splitlines() == [
        "[0.0000, 0.3333, 0.6667,",
        " 1.0000, 1.3333, 1.6667,",
        " 2.0000, 2.3333]",
    ]


def test_a_large_array_is_not_formatted_whole() -> None:
    # A view of eight petabytes: anything that touched every element would not come back.
    array = np.broadcast_to(np.float64(1.5), (10**6, 10**9))
    assert tensor_text.tensor(array).startswith("tensor([[1.5000, 1.5000, 1.5000,  ..., 1.5000")
