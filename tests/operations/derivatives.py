"""Values and derivatives of an expression in one variable `x`, for tables of corner cases."""

from __future__ import annotations

from typing import Any

import numpy as np

from difftool.autodiff.reverse import gradients_of
from difftool.evaluation import Evaluation
from difftool.execute.eager import run
from difftool.execute.engine import Engine
from difftool.execute.plan import plan
from difftool.graph.dtype import float64
from difftool.graph.node import Node
from difftool.language.parser import parse
from difftool.operations.registry import constant

Array = np.ndarray[Any, Any]


def evaluation(expression: str, **inputs: Any) -> Evaluation:
    """The expression run on arrays (or numbers, or nested lists) for its variables."""
    arrays = {name: np.asarray(value) for name, value in inputs.items()}
    return Evaluation(
        expression,
        parse(expression),
        arrays,
        differentiable=frozenset(arrays),
        dtype=float64,
        generator=lambda: None,
        engine=Engine(),
    )


def node(expression: str, **inputs: Any) -> Node:
    """The node that an expression of one result makes."""
    result = evaluation(expression, **inputs).result
    assert isinstance(result, Node)
    return result


def value(expression: str, **inputs: Any) -> Array:
    """The value of an expression of one result, which has the shape and dtype its node promises."""
    run_ = evaluation(expression, **inputs)
    assert isinstance(run_.result, Node)
    array = run_.value(run_.result)
    assert (array.shape, array.dtype) == (run_.result.shape, run_.result.dtype)
    return array


def derivatives(expression: str, x: Any) -> tuple[Array, Array, Array]:
    """The value, the gradient of its sum, and the gradient of that gradient's sum."""
    run_ = evaluation(expression, x=x)
    leaf = run_.leaves["x"]
    assert isinstance(run_.result, Node)
    first = _gradient_of_sum(run_.result, leaf)
    second = _gradient_of_sum(first, leaf)
    values = dict(run_.values)
    run(plan([run_.result, first, second], values), values)
    assert values[first].shape == leaf.shape and values[first].dtype == leaf.dtype
    return values[run_.result], values[first], values[second]


def _gradient_of_sum(output: Node, leaf: Node) -> Node:
    """Zeros where `output` doesn't depend on the leaf differentiably."""
    zeros = constant(np.zeros(leaf.shape, leaf.dtype))
    if not output.requires_grad:
        return zeros
    gradient = gradients_of(output, [leaf], constant(np.ones(output.shape, output.dtype)))[leaf]
    return zeros if gradient is None else gradient


def assert_derivatives(expression: str, x: Any, expected: tuple[Any, Any, Any]) -> None:
    """Assert value, first and second derivative, NaN being equal to NaN."""
    for found, wanted in zip(derivatives(expression, x), expected, strict=True):
        wanted = np.zeros_like(x, dtype=float) if wanted is None else wanted
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-13)
