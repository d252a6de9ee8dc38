"""`operations.questions`: answers that are no tensors, which the oracle does not record."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.session import Session
from tests.operations.derivatives import evaluation

X = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.numel() + torch.numel(x) + x.nelement()", 18),
        ("(x.ndimension(), x.element_size(), x.itemsize, x.float().nbytes)", (2, 8, 8, 24)),
        ("x.stride()", (3, 1)),
        ("x.T.stride()", (1, 3)),
        ("x.stride(-1)", 1),
        ("x.unfold(1, 2, 1).stride()", (3, 1, 1)),
        ("x.expand(4, 2, 3).stride()", (0, 3, 1)),
        ("(x.is_contiguous(), x.T.is_contiguous())", (True, False)),
        ("x.chunk(2, 1)[1].is_contiguous()", False),
        ("broadcast_shapes((2, 1), (3,))", (2, 3)),
        ("broadcast_shapes((2, 1))", (2, 1)),
        ("broadcast_shapes(2, (3, 1), (1, 1, 2))", (1, 3, 2)),
        ("(x.is_same_size(x + 1), is_same_size(x, x[0]))", (True, False)),
        ("(is_floating_point(x), (x > 0).is_floating_point())", (True, False)),
        ("(x.is_signed(), x.byte().is_signed(), (x > 0).is_signed())", (True, False, False)),
        ("(x.is_complex(), is_conj(x), is_neg(x))", (False, False, False)),
        ("result_type(x.float(), x[0, 0])", np.dtype(np.float32)),
        ("result_type(x.long(), 1.5)", np.dtype(np.float64)),
        ("promote_types(bool, int32)", np.dtype(np.int32)),
        ("(can_cast(float64, int64), can_cast(int64, bool), can_cast(bool, int32))", (0, 0, 1)),
        ("(is_nonzero(x[0, 0]), is_nonzero(x[1, 1]))", (False, True)),
        ("(x.equal(x + 0), torch.equal(x, x[0]), equal(x, x + 1))", (True, False, False)),
        ("(x.allclose(x + 1e-9), allclose(x, x + 1, atol=2), allclose(x, x + 1))", (1, 1, 0)),
        ("(finfo(float32).eps, torch.finfo().bits, finfo(float16).max)", (2**-23, 64, 65504)),
        ("(torch.iinfo(torch.int8).max, iinfo(uint8).min)", (127, 0)),
        ("(torch.is_tensor(x), is_tensor(2.0), is_tensor([x]))", (True, False, False)),
        ("torch.device('cpu')", "cpu"),
        ("x.layout", "torch.strided"),
        ("(x.is_cuda, x.is_meta, x.is_quantized, x.is_sparse)", (False,) * 4),
        ("x.clone(memory_format=torch.preserve_format).equal(x)", True),
        ("x.T.contiguous(memory_format=torch.contiguous_format).is_contiguous()", True),
        ("torch.ones_like(x, layout=torch.strided).shape", (2, 3)),
        ("1 if torch.allclose(x, x) and x.is_contiguous() else 2", 1),
    ],
)
def test_answers(expression: str, expected: Any) -> None:
    assert evaluation(expression, x=X).result == expected


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("x.stride(2)", "shape"),
        ("x[0, 0].stride(0)", "shape"),
        ("broadcast_shapes((2, 3), (4,))", "shape"),
        ("broadcast_shapes((2, -3))", "shape"),
        ("is_nonzero(x)", "shape"),
        ("allclose(x, x.float())", "dtype"),
        ("can_cast(1, int64)", "argument"),
        ("finfo(int32)", "dtype"),
        ("iinfo(float32)", "dtype"),
        ("device('cuda')", "unsupported"),
    ],
)
def test_refusals(expression: str, kind: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        evaluation(expression, x=X)
    assert caught.value.kind == kind
    assert caught.value.hint


def test_limits_print_as_those_of_pytorch() -> None:
    output: Any = Session().evaluate("(finfo(float32), iinfo(int8))", {}).output
    assert output.text == (
        "(finfo(resolution=1e-06, min=-3.40282e+38, max=3.40282e+38, eps=1.19209e-07, "
        "smallest_normal=1.17549e-38, tiny=1.17549e-38, dtype=float32), "
        "iinfo(min=-128, max=127, dtype=int8))"
    )


def test_a_shape_prints_as_one() -> None:
    output: Any = Session().evaluate("broadcast_shapes((2, 1), (3,))", {}).output
    assert output.text == "torch.Size([2, 3])"
