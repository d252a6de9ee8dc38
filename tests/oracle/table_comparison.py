"""Comparison, logic, choice: `where`, `clamp`, `minimum`, `maximum`, `a if c else b`."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    *each(
        """
        x {f} y
        x {f} 0
        1 {f} x
        x {f} row
        x {f} s
        """,
        "< <= > >= == !=",
        x="normal(2, 3)",
        y="normal(2, 3)",
        row="normal(3)",
        s="normal()",
    ),
    *each(
        """
        (x {f} y) * x
        (x {f} 1) * x
        """,
        "< <= > >= == !=",
        x=[1.0, 2.0, 3.0],
        y=[1.0, 3.0, 2.0],
    ),
    *each(
        """
        {f}(x, y)
        x.{f}(y)
        torch.{f}(x, 1)
        """,
        "lt le gt ge eq ne",
        x=[1.0, 2.0, 3.0],
        y=[1.0, 3.0, 2.0],
    ),
    *group(
        """
        (x > 0) & (y > 0)
        (x > 0) | (y > 0)
        ~(x > 0)
        (x > 0) & m
        m | (x > 0)
        ~m
        m & ~(x > y)
        ~m * x
        -(x * m)
        (-(s * (s > y[0, 0]))).squeeze()
        y - s * (y > 0)
        (x > 0) * (y > 0)
        (x > 0) + (y > 0)
        (x > 0) * x + (x <= 0) * y
        m == (x > 0)
        (x > 0) != m
        logical_and(x > 0, y > 0)
        torch.logical_or(m, x > 0)
        logical_not(m)
        torch.logical_not(x > 0)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        s="normal()",
        m="bools(2, 3)",
    ),
    *group(
        """
        i & 3
        i | 3
        ~i
        i & j
        i > 2
        i == j
        i * (i > 1)
        """,
        i="ints(2, 3; 0..6)",
        j="ints(2, 3; 0..6)",
    ),
    *group(
        """
        x if s > 0 else y
        y if s > 0 else x
        x * 2 if s > 100 else y * 3
        x if s > 0 and s < 5 else y
        x if s < 0 or s > 5 else y
        x if not s > 0 else y
        x if 0 < s < 5 else y
        x if 0 < s > 5 else y
        x if True else y
        x if x.sum() > 1000 else y
        s if s > 0 else -s
        x.exp() if x.ndim == 2 else y
        x / x.shape[0] if x.shape[1] == 3 else y
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        s="positive()",
    ),
    *group(
        """
        where(x > 0, x, y)
        torch.where(x > 0, x, y)
        np.where(x > 0, x, y)
        where(x > 0, x, 0)
        where(x > 0, x, 0.0)
        where(x > 0, 0, x)
        where(x > 0, 1.5, x)
        where(x > 0, 1.0, 0.0)
        where(x > 0, 1, 0)
        where(m, x, y)
        where(m, x, row)
        where(m, row, x)
        where(m, row, column)
        where(m, x, s)
        where(m, s, x)
        where(m, s, 0.0)
        where(row > 0, x, y)
        where(column > 0, x, y)
        where(column > 0, row, 0.0)
        where(s > 0, x, y)
        where(x > y, x, y)
        where(x > 0, x * 2, x / 2)
        where(x > 0, x, where(y > 0, y, 0))
        where(x > 0, exp(x), log(1 - x))
        where(m, x * y, x + y).sum()
        x.where(x > 0, y)
        x.where(m, 0)
        x.where(m, row)
        where((x > 0) & m, x, y)
        where(~m, x, y)
        where([[True, False, True], [False, True, False]], x, y)
        where([True, False, True], x, [1.0, 2.0, 3.0])
        where(m, x, x)
        where(x < y, x, y) - minimum(x, y)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        m="bools(2, 3)",
        row="normal(3)",
        column="normal(2, 1)",
        s="positive()",
    ),
    *group(
        """
        where(m, x, y)
        where(m, x, 0)
        """,
        m="bools(0, 3)",
        x="normal(0, 3)",
        y="normal(3)",
    ),
    *group(
        """
        where(m, x, y)
        where(m, x, 0)
        """,
        m="bools()",
        x="normal()",
        y="normal()",
    ),
    *group(
        """
        clamp(x, 0, 1)
        torch.clamp(x, -0.5, 0.5)
        np.clip(x, -0.5, 0.5)
        x.clamp(-0.5, 0.5)
        x.clamp(min=0)
        x.clamp(max=0.5)
        clamp(x, min=-0.5, max=0.5)
        clamp(x, max=0.5, min=-0.5)
        x.clamp(0)
        clamp(x, None, 0.5)
        clamp(x, -0.5, None)
        clamp(x, 2, 1)
        clamp(x, min=low)
        clamp(x, max=high)
        clamp(x, low, high)
        x.clamp(low, high)
        clamp(x, min=row)
        clamp(x, row, high)
        clamp(x, max=s)
        clamp(x, min=low, max=s)
        clamp(s, min=row)
        clamp(x * 2, 0, 1).sum()
        clamp(x, min=[0.0, 0.5, 1.0])
        """,
        x="normal(2, 3)",
        low="unit(2, 3)",
        high="above(2, 3)",
        row="unit(3)",
        s="positive()",
    ),
    *group(
        """
        clamp(x, 0, 1)
        clamp(x, min=0)
        """,
        x="normal()",
    ),
    *group(
        """
        clamp(x, 0, 1)
        clamp(x, min=y)
        """,
        x="normal(0, 3)",
        y="normal(3)",
    ),
    *group(
        """
        clamp(x, 1, 2)
        clamp(x, 0, 1)
        clamp(x, min=1)
        clamp(x, max=2)
        clamp(x, 1.0, 1.0)
        """,
        x=[0.0, 1.0, 1.5, 2.0, 3.0],
    ),
    *group(
        """
        clamp(x, min=y)
        clamp(x, max=y)
        clamp(x, y, z)
        clamp(x, z, y)
        """,
        x=[1.0, 2.0, 3.0, 2.0],
        y=[1.0, 1.0, 1.0, 3.0],
        z=[1.0, 2.0, 4.0, 1.0],
    ),
    *each(
        """
        {f}(x, y)
        torch.{f}(x, y)
        np.{f}(x, y)
        x.{f}(y)
        {f}(x, row)
        {f}(column, row)
        {f}(x, s)
        {f}(s, x)
        {f}(x, zeros(2, 3))
        {f}(x, [0.0, 0.5, 1.0])
        {f}(x, x)
        {f}(x, -x)
        {f}(x, tensor(0.0))
        {f}({f}(x, y), row)
        {f}(input=x, other=y)
        """,
        "minimum maximum",
        x="normal(2, 3)",
        y="normal(2, 3)",
        row="normal(3)",
        column="normal(2, 1)",
        s="normal()",
    ),
    *each(
        """
        {f}(x, y)
        {f}(y, x)
        """,
        "minimum maximum",
        x=[1.0, 2.0, 3.0, -1.0],
        y=[1.0, 3.0, 2.0, -1.0],
    ),
    *each("{f}(x, y)", "minimum maximum", x="normal(0, 3)", y="normal(1, 3)"),
    *each(
        """
        torch.{f}(x, y)
        x.{f}(y)
        """,
        "min max",
        x="normal(2, 3)",
        y="normal(2, 3)",
    ),
]
