"""Plans: what is computed when, which values are let go, and how much memory that takes."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.execute.memory import check_memory, readable_bytes
from difftool.execute.plan import Plan, plan
from difftool.graph.node import Node
from difftool.operations.registry import leaf, ops
from difftool.session import Session

SIZE = 1000
BYTES = 8 * SIZE


def vector() -> Node:
    return leaf("x", (SIZE,), np.dtype(np.float64))


def planned(target: Node, *known: Node) -> Plan:
    return plan([target], set(known))


def test_a_chain_holds_two_values_at_a_time() -> None:
    x = vector()
    steps = planned(ops.sin(ops.cos(ops.exp(ops.tan(x)))), x)
    assert steps.peak_bytes == 2 * BYTES
    assert [len(released) for released in steps.released] == [0, 1, 1, 1]


def test_the_value_asked_for_stays() -> None:
    x = vector()
    wanted = ops.exp(x)
    steps = plan([wanted, ops.sum(wanted)], {x})
    assert wanted not in [node for released in steps.released for node in released]


def test_the_largest_value_is_known() -> None:
    x = vector()
    square = x * ops.reshape(x, (SIZE, 1))
    steps = planned(ops.sum(square), x)
    assert steps.largest is square
    assert steps.peak_bytes == BYTES * SIZE + 8


def test_a_view_takes_no_memory() -> None:
    x = vector()
    view = ops.expand(x, (10**6, SIZE))
    assert planned(view, x).peak_bytes == 0
    made = ops.exp(x)
    assert planned(ops.expand(made, (10**6, SIZE)), x).peak_bytes == BYTES


def test_a_view_keeps_what_it_shows() -> None:
    x = vector()
    made = ops.exp(x)
    steps = planned(ops.sin(ops.exp(ops.T(ops.unsqueeze(made, dim=0)))), x)
    assert steps.peak_bytes == 2 * BYTES


def test_nothing_to_compute_takes_nothing() -> None:
    x = vector()
    assert planned(x, x) == Plan([], [], 0, None)


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("1 + sum(outer(x, x))", "outer(x, x)"),
        ("y = x[:, None] * x; sum(y)", "x[:, None] * x"),
        ("x.repeat(1000).sum()", "x.repeat(1000)"),
        ("ones(100000, 100000).sum()", "ones(100000, 100000)"),
        ("sum(randn(100000, 100000))", "randn(100000, 100000)"),
        ("x.expand(1000, 1000).contiguous()", "x.expand(1000, 1000).contiguous()"),
        ("x.expand(1000, 1000) + 1", "x.expand(1000, 1000) + 1"),
    ],
)
def test_a_request_is_refused_before_anything_is_allocated(expression: str, place: str) -> None:
    session = Session(max_memory=10 * BYTES)
    with pytest.raises(DifftoolError) as caught:
        session.evaluate(expression, {"x": np.ones(SIZE)})
    error = caught.value
    assert error.kind == "limit"
    assert "of memory, more than the limit of 78.1 KiB" in error.message
    assert error.span is not None
    assert expression[error.span.start : error.span.end] == place


@pytest.mark.parametrize(
    "expression",
    [
        "sum(x.expand(100000, 100000, 1000)[0, 0])",
        "x.expand(1000, 1000).T.mT[0].sum()",
        "ones(10^6, 10^6).shape",
        "zeros(0, 10^12)",
        "mean(3*(x+2)^3)",
    ],
)
def test_what_takes_no_memory_is_not_refused(expression: str) -> None:
    Session(max_memory=10 * BYTES).evaluate(expression, {"x": np.ones(SIZE)})


def test_what_is_not_kept_is_not_counted() -> None:
    text, inputs = "sum(exp(sin(cos(tan(x)))))", {"x": np.ones(SIZE)}
    whole = Session(max_memory=8 * BYTES)
    with pytest.raises(DifftoolError, match="of memory"):
        whole.grad(text, inputs)
    record = Session(max_memory=8 * BYTES).grad(text, inputs, keep=0)
    assert record.gradients["x"].array.shape == (SIZE,)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (1536 * 1024, "1.5 MiB"),
        (10**18, "888.2 PiB"),
    ],
)
def test_bytes_are_readable(count: int, text: str) -> None:
    assert readable_bytes(count) == text


def test_no_limit_allows_everything() -> None:
    check_memory(10**30, None)
    check_memory(5, 5)
