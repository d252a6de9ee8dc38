"""What PyTorch refuses of indexing, of putting in place and of masks."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    # Indices.
    *group(
        """
        x[2]
        x[-3]
        x[0, 3]
        x[:, 3]
        x[:, -4]
        x[0, 0, 0]
        x[..., 0, 0, 0]
        x[0][0][0]
        x[[2]]
        x[[-3]]
        x[[0, 1], [0, 3]]
        x[[0, 1], [0, 1, 2]]
        x[:, [3]]
        x[k]
        x[::0]
        x[::-1]
        x[:, ::-2]
        x[1.5]
        x[x]
        x[0.0:1]
        x[mask]
        x[:, mask]
        x[tensor([True, False, True])]
        x[[True, False, True]]
        x['a']
        s[0]
        s[:]
        s[[0]]
        gather(x, 2, [[0]])
        gather(x, 1, [[3]])
        gather(x, 0, [[2]])
        gather(x, 1, [[-1]])
        gather(x, 1, [0])
        gather(x, 1, [[0], [0], [0]])
        gather(x, 1, [[0.0]])
        """,
        x="normal(2, 3)",
        k="ints(2; 5..6)",
        mask="bools(4)",
        s="normal()",
    ),
    # Putting in place and masks.
    *group(
        """
        scatter(x, 1, k, y.float())
        scatter(x, 1, k, y[:1])
        scatter(x, 1, k, s)
        scatter(x, 1, k + 2, y)
        scatter(x, 1, k - 1, 2)
        scatter(x, 1, k, y, reduce='mean')
        scatter_reduce(x, 1, k, y, 'add')
        take_along_dim(x, k[0], 1)
        take_along_dim(x, k.int(), 1)
        index_select(x, 1, k)
        index_select(x, 1, k[0] - 1)
        index_add(x, 1, k[0], y[:1])
        index_add(x, 1, k[0], y.float())
        index_copy(x, 1, k[0].int(), y)
        index_copy(x, 1, k[0, :1], y)
        index_fill(x, 1, k[0], x[0])
        index_fill(x, 1, k[0] + 5, 1)
        index_reduce(x, 1, k[0], y, 'sum')
        take(x, k + 5)
        take(x, k.int())
        put(x, k, x)
        index_put(x, (k[0],), 5.0)
        index_put(x, (k[0], k[0], k[0]), y)
        index_put(x, (k[0],), x.float())
        masked_select(x, x)
        masked_scatter(x, x > -9, y)
        masked_fill(x, x > 0, x[0])
        where(x, x, 0)
        isin(x > 0, x)
        F.one_hot(k, 2)
        F.one_hot(k - 1)
        F.one_hot(k.int())
        unravel_index(x, (2, 3))
        x[x > 0, 0]
        """,
        x="normal(2, 3)",
        y="normal(2, 2)",
        s="normal()",
        k=[[0, 2], [1, 1]],
    ),
]
