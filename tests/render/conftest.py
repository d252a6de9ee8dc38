"""Gradient records of several kinds, made by hand, for the views to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from difftool.report.record import (
    ChainEntry,
    GradientRecord,
    GradRecord,
    NodeRecord,
    OutputRecord,
)

# A node as the tests write it: expression, op, inputs, grad_fn, requires_grad, value, gradient.
NodeRow = tuple[str, str, tuple[int, ...], str | None, bool, Any, Any]


def grad_record(
    expression: str,
    rows: Sequence[NodeRow],
    chain: Sequence[ChainEntry],
    gradients: dict[str, GradientRecord],
    seed: int | None = None,
) -> GradRecord:
    nodes = []
    for number, (text, op, inputs, grad_fn, requires_grad, value, gradient) in enumerate(rows):
        data = np.asarray(value)
        grad = None if gradient is None else np.asarray(gradient, data.dtype)
        following = tuple(rows[source][3] or "AccumulateGrad" for source in inputs)
        nodes.append(
            NodeRecord(
                number,
                text,
                op,
                inputs,
                requires_grad,
                grad_fn,
                following if requires_grad else (),
                data.shape,
                data.dtype.name,
                data,
                grad,
            )
        )
    value = nodes[-1].data
    assert value is not None
    output = OutputRecord(value.shape, value.dtype.name, value, nodes[-1].grad_fn)
    return GradRecord(expression, seed, output, tuple(nodes), gradients, tuple(chain))


def cubic() -> GradRecord:
    """mean(3*(x+2)^3) at ones."""
    ones = np.ones((2, 2))
    slope = np.full((2, 2), 20.25)
    return grad_record(
        "mean(3*(x+2)^3)",
        [
            ("x", "leaf", (), None, True, ones, slope),
            ("2", "constant", (), None, False, 2.0, None),
            ("x + 2", "add", (0, 1), "AddBackward0", True, ones * 3, slope),
            ("3", "constant", (), None, False, 3.0, None),
            ("(x + 2)^3", "pow", (2, 3), "PowBackward0", True, ones * 27, ones * 0.75),
            ("3 * (x + 2)^3", "mul", (3, 4), "MulBackward0", True, ones * 81, ones * 0.25),
            ("mean(3 * (x + 2)^3)", "mean", (5,), "MeanBackward0", True, 81.0, 1.0),
        ],
        [
            ChainEntry(6, "MeanBackward0", None, (5,)),
            ChainEntry(5, "MulBackward0", None, (4,)),
            ChainEntry(4, "PowBackward0", None, (2,)),
            ChainEntry(2, "AddBackward0", None, (0,)),
            ChainEntry(0, "AccumulateGrad", "x", ()),
        ],
        {"x": GradientRecord(slope, True)},
    )


def layer() -> GradRecord:
    """A layer of a network: matrices, a branching chain, an input that is not used."""
    weights = ((np.arange(1200) * 37) % 101 - 50).reshape(40, 30) / 1000
    x = ((np.arange(30) * 7) % 11 - 5) / 2
    pre = weights @ x
    post = np.tanh(pre)
    pull = 2 * post * (1 - post**2) / 40
    return grad_record(
        "mean(tanh(weights@x + bias)^2)",
        [
            ("weights", "leaf", (), None, True, weights, np.outer(pull, x)),
            ("x", "leaf", (), None, True, x, pull @ weights),
            ("weights @ x", "matmul", (0, 1), "MvBackward0", True, pre, pull),
            ("bias", "leaf", (), None, True, np.zeros(40), pull),
            ("weights @ x + bias", "add", (2, 3), "AddBackward0", True, pre, pull),
            ("tanh(weights @ x + bias)", "tanh", (4,), "TanhBackward0", True, post, post / 20),
            ("2", "constant", (), None, False, 2.0, None),
            (
                "tanh(weights @ x + bias)^2",
                "pow",
                (5, 6),
                "PowBackward0",
                True,
                post**2,
                np.full(40, 0.025),
            ),
            (
                "mean(tanh(weights @ x + bias)^2)",
                "mean",
                (7,),
                "MeanBackward0",
                True,
                (post**2).mean(),
                1.0,
            ),
        ],
        [
            ChainEntry(8, "MeanBackward0", None, (7,)),
            ChainEntry(7, "PowBackward0", None, (5,)),
            ChainEntry(5, "TanhBackward0", None, (4,)),
            ChainEntry(4, "AddBackward0", None, (2, 3)),
            ChainEntry(3, "AccumulateGrad", "bias", ()),
            ChainEntry(2, "MvBackward0", None, (0, 1)),
            ChainEntry(1, "AccumulateGrad", "x", ()),
            ChainEntry(0, "AccumulateGrad", "weights", ()),
        ],
        {
            "weights": GradientRecord(np.outer(pull, x), True),
            "x": GradientRecord(pull @ weights, True),
            "bias": GradientRecord(pull, True),
            "scale": GradientRecord(np.zeros((2, 3)), False),
        },
        seed=1234,
    )


def images() -> GradRecord:
    """float32 with four dimensions, a boolean mask, an output that is no scalar."""
    pixels = (((np.arange(8 * 3 * 20 * 20) * 37) % 101 - 50) / 8).astype("float32")
    pixels = pixels.reshape(8, 3, 20, 20)
    bright = pixels > 0
    shining = np.maximum(pixels, 0)
    return grad_record(
        "sum(where(images > 0, images, 0), dim=(1,2,3))",
        [
            ("images", "leaf", (), None, True, pixels, bright),
            ("images > 0", "gt", (0,), None, False, bright, None),
            (
                "where(images > 0, images, 0)",
                "where",
                (1, 0),
                "WhereBackward0",
                True,
                shining,
                np.ones_like(shining),
            ),
            (
                "sum(where(images > 0, images, 0), dim=(1, 2, 3))",
                "sum",
                (2,),
                "SumBackward1",
                True,
                shining.sum((1, 2, 3)),
                np.ones(8),
            ),
        ],
        [
            ChainEntry(3, "SumBackward1", None, (2,)),
            ChainEntry(2, "WhereBackward0", None, (0,)),
            ChainEntry(0, "AccumulateGrad", "images", ()),
        ],
        {"images": GradientRecord(bright.astype("float32"), True)},
    )


def partial_sums(terms: int) -> GradRecord:
    """x + x + ... + x: a node for each partial sum."""
    rows: list[NodeRow] = [("x", "leaf", (), None, True, 2.0, float(terms))]
    for number in range(1, terms):
        text = " + ".join(["x"] * min(number + 1, 100))
        rows.append((text, "add", (number - 1, 0), "AddBackward0", True, 2.0 * number + 2, 1.0))
    chain = [ChainEntry(at, "AddBackward0", None, (at - 1, 0)) for at in range(terms - 1, 0, -1)]
    chain.append(ChainEntry(0, "AccumulateGrad", "x", ()))
    gradients = {"x": GradientRecord(np.asarray(float(terms)), True)}
    return grad_record(" + ".join(["x"] * terms), rows, chain, gradients)


def adversarial() -> GradRecord:
    """Text that is markup, control codes or wide characters; nan, inf, empty; gradients missing."""
    return grad_record(
        "x[a]*y[0] + [red]x[/] :smile: \x1b[31m 界 'a\tb'\u202e",
        [
            ("x[a]*y[0]", "leaf", (), None, True, [1.0, float("nan")], [float("inf"), 1e-9]),
            ("[red]x[/] :smile: [/]", "mul", (0,), "MulBackward0", True, [1, 2], None),
            ("\x1b[31m 界e\u0301 'a\tb' √", "constant", (), None, False, [[True, False]], None),
            ("y[1:]\r\n", "sum", (1,), "SumBackward0", True, np.zeros((0, 3)), None),
        ],
        [
            ChainEntry(3, "SumBackward0", None, (1,)),
            ChainEntry(1, "MulBackward0", None, (0, 0)),
            ChainEntry(0, "AccumulateGrad", "[red]x", ()),
        ],
        {"[red]x": GradientRecord(np.asarray([float("inf"), 1e-9]), True)},
    )


def dropped() -> GradRecord:
    """`layer` with no values kept for the nodes."""
    record = layer()
    nodes = tuple(node._replace(data=None, grad=None) for node in record.nodes)
    return record._replace(nodes=nodes)


@pytest.fixture(scope="session")
def records() -> dict[str, GradRecord]:
    return {
        "cubic": cubic(),
        "layer": layer(),
        "images": images(),
        "sums": partial_sums(200),
        "adversarial": adversarial(),
        "dropped": dropped(),
    }
