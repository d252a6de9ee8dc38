"""Losses at the edges: no rows, no classes, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.report.record import OutputRecord
from difftool.session import Session


@pytest.mark.parametrize(
    "expression",
    [
        "cross_entropy(zeros(2, 0), zeros(2, 0))",
        "cross_entropy(zeros(2, 0), zeros(2, 0), label_smoothing=0.1)",
        "cross_entropy(zeros(0), zeros(0), label_smoothing=1)",
        "cross_entropy(zeros(0, 3), tensor([]).long())",
        "cross_entropy(zeros(0, 0), tensor([]).long(), label_smoothing=0.1)",
        "cross_entropy(zeros(2, 0, 0), zeros(2, 0, 0), label_smoothing=0.1)",
        "mse_loss(zeros(0), zeros(0))",
        "cross_entropy(zeros(2, 3), tensor([0, 2]), ignore_index=0)"
        " + cross_entropy(zeros(1, 3), tensor([0]), ignore_index=0)",
    ],
)
def test_the_mean_of_no_losses_is_not_a_number(expression: str) -> None:
    output = Session().evaluate(expression, {}).output
    assert isinstance(output, OutputRecord)
    assert output.data.shape == () and np.isnan(output.data)


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("cross_entropy(zeros(2, 3), tensor([0, 3]))", "index"),
        ("cross_entropy(zeros(2, 3), [0, 2])", "dtype"),
        ("cross_entropy(zeros(2, 3), tensor([0]))", "shape"),
        ("cross_entropy(zeros(2, 3), tensor([0, 2]), [1, 2])", "shape"),
        ("cross_entropy(zeros(2, 3), tensor([0, 2]), label_smoothing=nan)", "argument"),
        ("cross_entropy(zeros(2, 3), tensor([0, 2]), reduction='avg')", "argument"),
        ("cross_entropy(tensor([[1, 2]]), tensor([0]))", "dtype"),
        ("cross_entropy(1., tensor(0))", "shape"),
        ("mse_loss([1, 2], [1, 2, 3])", "shape"),
        ("mse_loss([1, 2], [1, 2], 'sum')", "argument"),
        ("l1_loss([1, 2], [1, 2], weight=[1])", "shape"),
        ("smooth_l1_loss([1, 2], [1, 2], beta=-1)", "argument"),
        ("huber_loss([1, 2], [1, 2], delta=0)", "argument"),
        ("binary_cross_entropy([0.5, 1.5], [1, 0])", "value"),
        ("binary_cross_entropy([0.5, 0.5], [1])", "shape"),
        ("binary_cross_entropy_with_logits([[1, 2]], [[1, 0]], ones(3))", "shape"),
        ("gaussian_nll_loss([1, 2], [1, 2], [1, -1])", "value"),
        ("gaussian_nll_loss([1, 2], [1, 2], 1)", "argument"),
        ("gaussian_nll_loss([1, 2], [1, 2], ones(3))", "shape"),
        ("multi_margin_loss([[1, 2]], tensor([2]))", "index"),
        ("multi_margin_loss([[1, 2]], tensor([1]), 3)", "argument"),
        ("multilabel_margin_loss([[1, 2]], tensor([[2, -1]]))", "index"),
        ("triplet_margin_loss([[1, 2]], [[1, 2]], [[1, 2]], margin=0)", "argument"),
        ("cosine_embedding_loss([[1, 2]], [[1, 2]], tensor(1))", "shape"),
        ("kl_div([1, 2], tensor([1, 2]))", "dtype"),
    ],
)
def test_refusals(expression: str, kind: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        Session().evaluate(expression, {})
    assert caught.value.kind == kind
    assert caught.value.hint


def test_a_mean_of_half_precision_does_not_overflow_in_the_sum() -> None:
    record = Session().evaluate("mse_loss(x, 3 * x)", {"x": np.full(10000, 2.0, np.float16)})
    assert isinstance(record.output, OutputRecord)
    assert record.output.data == 16 and record.output.data.dtype == np.float16
