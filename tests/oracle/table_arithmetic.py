"""Arithmetic: operators and their functions, numbers on either side, broadcasting, powers."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_OPERATORS = "+ - * /"

CASES: list[Case] = [
    # A number on either side of every operator; the names of the nodes depend on the side.
    *each(
        """
        x {f} 2
        2 {f} x
        x {f} 0.5
        0.5 {f} x
        x {f} -1.5
        -1.5 {f} x
        """,
        "+ - * / // % ^",
        x="positive(2, 3)",
    ),
    *each(
        """
        x {f} 3
        3 {f} x
        1 {f} x
        x {f} 1
        0 {f} x
        """,
        "+ - * / // % ^",
        x="positive()",
    ),
    *each(
        """
        x {f} 2
        2 {f} x
        """,
        "+ - * / // % ^",
        x="normal(0)",
    ),
    *each(
        """
        x {f} 2
        2 {f} x
        """,
        "+ - * / %",
        x="normal(0, 3)",
    ),
    *each("x ^ {f}", "0 1 2 3 4 -1 -2 0.5 -0.5 1.5 2.0 -1.5 10 1e-3", x="positive(2, 2)"),
    *each("x ^ {f}", "0 1 2 3 -1 -2 2.0 3.0", x="normal(4)"),
    *each("{f} ^ x", "2 0.5 10 1 e pi", x="normal(2, 2)"),
    # Two tensors: the same shape, broadcast either way, 0-d, empty.
    *each(
        """
        x {f} y
        x {f} row
        row {f} x
        x {f} column
        column {f} row
        x {f} s
        s {f} x
        s {f} t
        b {f} x
        row {f} b
        x {f} x
        """,
        "+ - * / // % ^",
        x="positive(2, 3)",
        y="positive(2, 3)",
        row="positive(3)",
        column="positive(2, 1)",
        s="positive()",
        t="positive()",
        b="positive(2, 1, 3)",
    ),
    *each(
        """
        x {f} one
        one {f} x
        """,
        "+ - * / // % ^",
        x="positive(2, 3)",
        one="positive(1)",
    ),
    *each(
        """
        x {f} y
        y {f} x
        x {f} s
        """,
        _OPERATORS,
        x="normal(0, 3)",
        y="normal(3)",
        s="normal()",
    ),
    *each("x {f} y", "+ * /", x="normal(1, 3)", y="normal(0, 1)"),
    *each("a {f} b", _OPERATORS, a="normal(4, 1, 2)", b="normal(3, 1)"),
    *each("a {f} b", _OPERATORS, a="normal(2, 1, 3, 1)", b="normal(1, 2, 1, 2)"),
    # Negative values: the signs of quotient and remainder.
    *each(
        """
        x {f} y
        x {f} 2
        x {f} -2
        7 {f} x
        -7 {f} x
        """,
        "// %",
        x="normal(6)",
        y="normal(6)",
    ),
    *group(
        """
        x % y
        x // y
        x % 3
        x % -3
        x // 3
        -x % 3
        """,
        x=[5.0, -5.0, 5.5, -5.5, 6.0, -6.0],
        y=[3.0, 3.0, -3.0, -3.0, 1.5, 1.5],
    ),
    # Signs, and how tightly the operators bind.
    *group(
        """
        -x
        +x
        --x
        -(-x)
        +-x
        -x^2
        (-x)^2
        2^-x
        -2^x
        x^2^0.5
        (x^2)^0.5
        2^x^2
        x**2
        -x**2
        x - -2
        x - (-2)
        x - y - 2
        x - (y - 2)
        x / y / 2
        x / (y / 2)
        x * y + 2
        x * (y + 2)
        x + y * 2
        2 * 3 * x
        x * 2 * 3
        2 - 3 - x
        x + y + x
        1 - x - y
        1 / x / y
        1 / (1 + x)
        -x + y
        -(x + y)
        x // 1 * 2
        x % 1 + y
        """,
        x="positive(2, 2)",
        y="positive(2, 2)",
    ),
    *group(
        """
        pi * x
        e * x
        x / pi
        e ^ x
        x ^ e
        2 * pi * x
        1e-3 * x
        1_000 * x
        .5 * x
        x * True
        x + True
        x * False
        True * x
        """,
        x="normal(3)",
    ),
    # Functions and methods.
    *each(
        """
        torch.{f}(x, y)
        x.{f}(y)
        {f}(x, 2)
        np.{f}(x, y)
        {f}(x, row)
        {f}(x, s)
        {f}(x, 0.5)
        """,
        "add mul div",
        x="normal(2, 3)",
        y="normal(2, 3)",
        row="normal(3)",
        s="normal()",
    ),
    *group(
        """
        torch.sub(x, y)
        x.sub(y)
        x.sub(2)
        sub(x, row)
        torch.pow(x, 2)
        torch.pow(2, x)
        torch.pow(x, y)
        x.pow(3)
        x.pow(y)
        pow(x, 0.5)
        pow(0.5, x)
        np.pow(x, 2)
        torch.pow(x, row)
        torch.remainder(x, 2)
        torch.remainder(x, y)
        x.remainder(2)
        x.remainder(y)
        remainder(x, row)
        torch.remainder(7, x)
        torch.floor_divide(x, 2)
        torch.floor_divide(x, y)
        x.floor_divide(y)
        torch.neg(x)
        x.neg()
        neg(x)
        torch.add(x, y, alpha=2)
        torch.add(x, row, alpha=-0.5)
        x.add(y, alpha=3)
        torch.sub(x, y, alpha=2)
        x.sub(row, alpha=0.5)
        torch.div(x, y, rounding_mode='floor')
        torch.div(x, y, rounding_mode='trunc')
        torch.div(x, 2, rounding_mode='floor')
        torch.div(x, 0.7, rounding_mode='trunc')
        torch.div(x, y, rounding_mode=None)
        torch.add(input=x, other=y)
        torch.pow(input=x, exponent=2)
        torch.pow(x, exponent=y)
        """,
        x="positive(2, 3)",
        y="positive(2, 3)",
        row="positive(3)",
    ),
    # List literals beside a tensor.
    *group(
        """
        x + [1.0, 2.0, 3.0]
        [1.0, 2.0, 3.0] * x
        x / [[1.0, 2.0, 4.0], [0.5, 0.25, 2.0]]
        x ^ [1.0, 2.0, 3.0]
        [2.0, 3.0, 4.0] ^ x
        [1.0, 2.0, 3.0] - x
        [[1.0], [2.0]] - x
        """,
        x="positive(2, 3)",
    ),
]
