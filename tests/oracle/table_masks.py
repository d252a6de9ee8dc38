"""Masks and places: masked_*, where, nonzero, isin, one_hot, and masks between brackets."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    *group(
        """
        masked_select(x, m)
        x.masked_select(x > 0)
        torch.masked_select(x, mask=row)
        masked_select(v, m)
        masked_select(x, column)
        masked_select(x, x > 100)
        masked_select(x.T, m.T)
        masked_select(x * x, m).sum()
        masked_select(s, m)
        masked_select(s, tensor(False))
        masked_scatter(x, m, y)
        x.masked_scatter(mask=m, source=y)
        masked_scatter(x, row, y * y)
        masked_scatter(v, m, y)
        masked_scatter(x, column, y)
        masked_scatter(x, m, x)
        masked_scatter(s, tensor(True), y[0, 0])
        masked_fill(x, m, 3)
        masked_fill(v, m, 0.5)
        x.masked_fill(mask=row, value=-1)
        masked_fill(x, m, s)
        masked_fill(v, m, s)
        masked_fill(x, column, tensor(2))
        torch.masked_fill(x, m, -inf)
        """,
        x="normal(2, 3)",
        y="normal(3, 3)",
        v="normal(3)",
        s="normal()",
        m="bools(2, 3)",
        row="bools(3)",
        column=[[True], [False]],
    ),
    *group(
        """
        masked_select(i, i > 1)
        masked_scatter(i, i > 1, j)
        masked_fill(i, i > 1, 7)
        masked_fill(i, i > 1, 2.9)
        masked_fill(i > 1, i > 1, False)
        masked_select(f, f > 0)
        masked_scatter(f, f > 0, f * 2)
        masked_fill(f, f > 0, s)
        """,
        i="ints(2, 3; 0..3)",
        j="ints(6; 4..9)",
        f="normal(2, 3) float32",
        s="normal()",
    ),
    # where.
    *group(
        """
        where(m, x, v)
        torch.where(m, x, 0)
        where(m, 1.5, x)
        where(m, 2, 0)
        where(m, 2, 0.5)
        where(m, True, False)
        where(m, True, 2)
        where(condition=m, input=x, other=v)
        x.where(m, v)
        x.where(m, 0)
        x.where(condition=m, other=v)
        m.where(row, tensor(False))
        (x > 0).where(m, row)
        where(row, x, s)
        where(m, f, x)
        where(m, f, s)
        where(m, f, 1.5)
        where(m, i, 1.5)
        where(m, i, v)
        where(m, i, 2)
        where(m, i, True)
        where(m, i > 1, i)
        where(row, f, tensor(2))
        where(byte, x, 0)
        where(m)
        where(x > 0)
        where(s)
        torch.where(s > 100)
        """,
        x="normal(2, 3)",
        v="normal(3)",
        s="normal()",
        f="normal(2, 3) float32",
        i="ints(2, 3; 0..3)",
        m="bools(2, 3)",
        row="bools(3)",
        byte=("uint8", [[1, 0, 2], [0, 1, 0]]),
    ),
    # Places.
    *each(
        """
        nonzero({f})
        torch.nonzero({f}, as_tuple=False)
        nonzero({f}, as_tuple=True)
        argwhere({f})
        torch.nonzero_static({f}, size=3)
        torch.nonzero_static({f}, size=2, fill_value=7)
        """,
        ("i", "m", "z", "n", "s"),
        i=[[0, 2, 0], [-1, 0, 3]],
        m=[True, False, True],
        z="ints(0, 3; 0..1)",
        n=[[[0], [0]]],
        s=3,
    ),
    *group(
        """
        i.nonzero()
        i.argwhere()
        i.nonzero(as_tuple=True)
        i.nonzero_static(size=1)
        torch.isin(i, j)
        torch.isin(i, j, invert=True)
        torch.isin(i, j, assume_unique=False)
        torch.isin(elements=i, test_elements=j)
        torch.isin(i, 2)
        torch.isin(i, test_element=2.5)
        torch.isin(2, j)
        torch.isin(element=0, test_elements=j, invert=True)
        torch.isin(i, j[:0])
        torch.isin(i, tensor([2.0, -1.5]))
        torch.isin(tensor([nan, 1.0]), tensor([nan, 1.0]))
        F.one_hot(c)
        F.one_hot(c, 4)
        F.one_hot(c, num_classes=5)
        torch.nn.functional.one_hot(c[0], -1)
        F.one_hot(c[0, 0])
        F.one_hot(c[:0], 3)
        unravel_index(c, (2, 2))
        torch.unravel_index(c, shape=(3, 1))
        unravel_index(c[0, 0], 4)
        unravel_index(c.int(), (2, 2))
        """,
        i=[[0, 2, 0], [-1, 0, 3]],
        j=[2, 3, 2],
        c=[[0, 2], [1, 1]],
    ),
    # Masks and everything else between brackets.
    *group(
        """
        b[None, m]
        b[m, None]
        b[m, ..., None]
        b[..., last]
        b[..., None, last]
        b[m, 1:]
        b[0, columns]
        b[0, columns, 1]
        b[rows, columns]
        b[:, columns, last]
        b[rows, None, 0]
        b[k, columns]
        b[k.bool()]
        b[tensor(1), columns]
        b[rows, ..., [0, 3]]
        b[rows, :, last]
        b[byte]
        """,
        b="normal(2, 3, 4)",
        m="bools(2, 3)",
        rows=[False, True],
        columns=[True, False, True],
        last=[True, False, True, False],
        k=[0, 1],
        byte=("uint8", [0, 1]),
    ),
]
