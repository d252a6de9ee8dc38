"""Where NaN and infinity come from: the first node, its operands, and the elements."""

from __future__ import annotations

from typing import Any

import pytest

from difftool.session import Session


@pytest.mark.parametrize(
    ("expression", "x", "warning"),
    [
        (
            "sum(2 * log(x + 0))",
            [1.0, 0.0, 2.0, 0.0],
            "infinity in the value of `log(x + 0)`, made by log of `x + 0` of shape (4,); "
            "at [1], [3]: 2 of 4 elements",
        ),
        (
            "sum(x / (x - x))",
            [[0.0, 0.0]] * 4,
            "NaN in the value of `x / (x - x)`, made by div of `x` of shape (4, 2), "
            "`x - x` of shape (4, 2); "
            "at [0, 0], [0, 1], [1, 0], [1, 1], [2, 0], ...: 8 of 8 elements",
        ),
        ("log(x)", 0.0, "infinity in the value of `log(x)`, made by log of `x` of shape ()"),
        ("sum(x)", [1.0, float("nan")], "x holds NaN already; at [1]: 1 of 2 elements"),
        (
            "sum(sqrt(x) * 3)",
            [[4.0, 0.0], [1.0, 9.0]],
            "infinity in the gradient of `x`, made by SqrtBackward0 of `sqrt(x)`; "
            "`x` of shape (2, 2); at [0, 1]: 1 of 4 elements",
        ),
        (
            "where(x > 0, sqrt(x), 0 * x).sum()",
            [4.0, 0.0],
            "NaN in the gradient of `x`, made by SqrtBackward0 of `sqrt(x)`; "
            "`x` of shape (2,); at [1]: 1 of 2 elements",
        ),
    ],
)
def test_a_warning_names_the_node_its_operands_and_the_elements(
    expression: str, x: Any, warning: str
) -> None:
    assert Session().grad(expression, {"x": x}).warnings == (warning,)
