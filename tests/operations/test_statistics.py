"""`operations.statistics`: degrees of freedom, equal elements, types, and the errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.graph.walk import grad_fn
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

INF, NAN = np.inf, np.nan


@pytest.mark.parametrize(
    ("expression", "x", "out", "first", "second"),
    [
        ("var(x)", [2.0], NAN, [NAN], None),
        ("var(x)", 3.0, NAN, NAN, None),
        ("var(x)", [2.0, 2.0], 0.0, [0.0, 0.0], [0.0, 0.0]),
        ("var(x, 0)", [2.0], NAN, [NAN], [NAN]),
        ("var(x, correction=0)", [2.0], 0.0, [0.0], [0.0]),
        ("var(x, correction=2)", [1.0, 2.0], INF, [INF, INF], None),
        ("var(x, correction=3)", [1.0, 2.0], INF, [INF, INF], None),
        ("var(x)", [INF, 1.0], NAN, [NAN, -INF], [0.0, 0.0]),
        ("std(x)", [2.0], NAN, [NAN], [NAN]),
        ("std(x)", [2.0, 2.0], 0.0, [0.0, 0.0], [0.0, 0.0]),
        ("std(x, correction=0)", 3.0, 0.0, 0.0, 0.0),
        (
            "std(x, 1)",
            [[1.0, 1.0], [1.0, 3.0]],
            [0.0, np.sqrt(2)],
            [[0.0, 0.0], [-np.sqrt(0.5), np.sqrt(0.5)]],
            [[0.0, 0.0], [0.0, 0.0]],
        ),
    ],
)
def test_corner_cases(expression: str, x: Any, out: Any, first: Any, second: Any) -> None:
    assert_derivatives(expression, x, (out, first, second))


@pytest.mark.parametrize(
    ("arguments", "divisor"),
    [
        ("", 5),
        ("unbiased=True", 5),
        ("unbiased=False", 6),
        ("False", 6),
        ("correction=0", 6),
        ("correction=None", 5),
        ("correction=0.5", 5.5),
        ("(0, 1), correction=2", 4),
        ("dim=None, unbiased=False", 6),
    ],
)
def test_every_way_to_say_the_correction(arguments: str, divisor: float) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3))
    squares = np.sum((x - x.mean()) ** 2)
    call = f"(x, {arguments})" if arguments else "(x)"
    np.testing.assert_allclose(value("var" + call, x=x), squares / divisor)
    np.testing.assert_allclose(value("std" + call, x=x), np.sqrt(squares / divisor))


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("var(x, 0)", (3, 4)),
        ("std(x, (0, 2), True)", None),
        ("std(x, (0, 2), keepdim=True)", (1, 3, 1)),
        ("var(x, 1, True, True)", (2, 1, 4)),
        ("var(x, keepdim=True)", (1, 1, 1)),
        ("std(x, ())", ()),
        ("std(x, [0, 1])", (4,)),
    ],
)
def test_shapes(expression: str, shape: tuple[int, ...] | None) -> None:
    # The third positional argument is `unbiased`, not `keepdim`.
    assert value(expression, x=np.ones((2, 3, 4))).shape == ((3,) if shape is None else shape)


@pytest.mark.parametrize("function", ["var", "std"])
@pytest.mark.parametrize("correction", [-1, 0, 1])
def test_of_no_elements(function: str, correction: int) -> None:
    x = np.zeros((0, 3))
    assert np.isnan(value(f"{function}(x, correction={correction})", x=x))
    assert np.all(np.isnan(value(f"{function}(x, 0, correction={correction})", x=x)))
    assert value(f"{function}(x, 1, correction={correction})", x=x).shape == (0,)


def test_float32_stays_and_does_not_lose_terms() -> None:
    x = (1000 + np.random.default_rng(0).standard_normal((30_000, 2))).astype(np.float32)
    found = value("var(x, 0)", x=x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.var(x.astype(np.float64), axis=0, ddof=1), rtol=1e-6)


@pytest.mark.parametrize("function", ["var", "std"])
def test_grad_fn(function: str) -> None:
    for arguments in ("x", "x, 1", "x, unbiased=False"):
        name = grad_fn(node(f"{function}({arguments})", x=np.ones((2, 3))))
        assert name == f"{function.capitalize()}Backward0"


@pytest.mark.parametrize(
    ("expression", "x", "kind"),
    [
        ("var(x)", [1, 2], "dtype"),
        ("std(x)", [True, False], "dtype"),
        ("var(x, 2)", [[1.0]], "shape"),
        ("var(x, (0, 0))", [[1.0]], "shape"),
        ("var(x, 0, 0)", [1.0], "argument"),
        ("var(x, 0, unbiased=False, correction=1)", [1.0], "argument"),
    ],
)
def test_errors(expression: str, x: Any, kind: str) -> None:
    with pytest.raises(DifftoolError) as raised:
        evaluation(expression, x=x)
    assert raised.value.kind == kind
    assert raised.value.hint
