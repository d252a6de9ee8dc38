"""Indexing in full, and `gather`: which nodes there are, and where advanced dims end up."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        x[0]
        x[1]
        x[-1]
        x[0, 1]
        x[-1, -2]
        x[0][1]
        x[(0, 1)]
        x[:]
        x[...]
        x[:, :]
        x[..., :]
        x[()]
        x[0:2]
        x[0:1]
        x[:1]
        x[1:]
        x[-1:]
        x[:-1]
        x[0:100]
        x[5:9]
        x[1:1]
        x[1:0]
        x[-100:100]
        x[::1]
        x[::2]
        x[1::2]
        x[:, 0]
        x[:, -1]
        x[:, 1:]
        x[:, :2]
        x[:, ::2]
        x[:, -2:]
        x[:, 0:3]
        x[:, 0:3:2]
        x[0:2, 0]
        x[0:2, 1:]
        x[0:2, :]
        x[0:2, 0:3]
        x[1:, 1:]
        x[1:, 0]
        x[0, 1:]
        x[0, :]
        x[0, ...]
        x[..., 0]
        x[..., 1:]
        x[0, 1, ...]
        x[..., 0, 1]
        x[None]
        x[None, None]
        x[:, None]
        x[..., None]
        x[None, ..., None]
        x[0, None]
        x[None, 0]
        x[:, None, 1]
        x[None, :, 0]
        x[0, :, None]
        x[1:, None, ::2]
        x[None, None, 0]
        x[0] * x[1]
        x[0] + x
        x[:, 0] @ x
        x[0].sum()
        x[:, 1:] - x[:, :-1]
        x[1:] * x[:-1]
        2 * x[0, 1]
        x[0, 0] * x[1, 1] - x[0, 1] * x[1, 0]
        (x * 2)[0]
        (x + 1)[:, 1]
        exp(x)[0, ::2]
        x.T[0]
        x.T[1:, 0]
        x[x.ndim - 1]
        x[:, x.shape[0]]
        x[0][0] + x[0][1] + x[0][2]
        x[:, :, None] * x[:, None, :]
        """,
        x="normal(2, 3)",
    ),
    *group(
        """
        b[0]
        b[0, 1]
        b[0, 1, 2]
        b[0, :, 1]
        b[:, 1]
        b[..., 0]
        b[:, :, -1]
        b[0, ..., 1:3]
        b[0:1, 1:2, ::2]
        b[1, None, :, 2]
        b[:, None, 1, None]
        b[..., None, 0]
        b[None, ..., 0, 0]
        b[0][1:][:, 2]
        b[1:, :2, 1::2]
        b[:, :, 1:3].sum(0)
        """,
        b="normal(2, 3, 4)",
    ),
    *group(
        """
        s[None]
        s[...]
        s[()]
        s[None, None]
        s[..., None]
        s[None] * 2
        """,
        s="normal()",
    ),
    *group(
        """
        v[0]
        v[-1]
        v[1:3]
        v[::2]
        v[1::3]
        v[:-1]
        v[None]
        v[:, None]
        v[:, None] * v[None]
        v[1:] - v[:-1]
        v[0] * v
        """,
        v="normal(5)",
    ),
    *group(
        """
        z[:, 0]
        z[:]
        z[..., 1:]
        z[None]
        z[:, None]
        z[[]]
        z[:, [0, 1]]
        """,
        z="normal(0, 3)",
    ),
    # Lists and integer tensors.
    *group(
        """
        x[[0, 1]]
        x[[1]]
        x[[1, 0, 1, 1]]
        x[[-1, -2]]
        x[[0, 1], [1, 2]]
        x[[0, 1], [-1, 0]]
        x[[0], [1, 2]]
        x[[[0], [1]], [1, 2]]
        x[[[0, 1], [1, 0]], [[0, 0], [1, 2]]]
        x[:, [0, 2]]
        x[:, [2, 2, 0]]
        x[..., [0, 2]]
        x[0, [0, 2]]
        x[[0, 1], 1]
        x[[0, 1], 1:]
        x[1:, [0, 2]]
        x[None, [0, 1]]
        x[[0, 1], None]
        x[:, None, [0, 2]]
        x[[]]
        x[:, []]
        x[k]
        x[k, k]
        x[:, j]
        x[j[:2] - 1]
        x[k, 1]
        x[0, j]
        x[0:1, j]
        x[k[0]]
        x[k[0], j[1]]
        x[k[0], j]
        x[n]
        x[:, n]
        x[n, n]
        x[n, 1:]
        x[tensor(1)]
        x[tensor([1, 0])]
        x[:, tensor([[0, 1], [2, 2]])]
        x[grid]
        x[k, :]
        x[..., k, j[:2]]
        x[k[:, None], j]
        x[arange(2), k]
        x[arange(2), [0, 2]]
        x[[0, 0, 0]].sum()
        x[[0, 0, 1]] * x[[1, 1, 1]]
        x[k] * x
        x[[0, 1], [1, 2]] ^ 2
        x[argmax(x, 0)[0]]
        x[0][argmax(x[0])]
        x[:, argmax(x, 1)[0]]
        x[arange(2), argmax(x, 1)]
        (x * 2)[[0, 1], [0, 1]].sum()
        x.T[[0, 2]]
        x.T[[0, 2], [1, 0]]
        """,
        x="normal(2, 3)",
        k="ints(2; 0..1)",
        j="ints(3; 1..2)",
        n="ints(; 0..1)",
        grid="ints(2, 2; 0..1)",
    ),
    # Where the advanced dims go: in place when they stand together, else in front.
    *group(
        """
        b[[0, 1]]
        b[:, [0, 2]]
        b[:, :, [0, 3, 3]]
        b[..., [0, 1]]
        b[[0, 1], [1, 2]]
        b[[0, 1], [1, 2], [2, 3]]
        b[:, [0, 1], [1, 2]]
        b[[0, 1], :, [1, 2]]
        b[[0, 1], ..., [1, 2]]
        b[[0], :, [1, 2]]
        b[[[0, 1], [1, 0]], :, [1, 2]]
        b[0, :, [1, 2]]
        b[:, 0, [1, 2]]
        b[0, [0, 1], :]
        b[[0, 1], 1]
        b[[0, 1], 1, 1:]
        b[[0, 1], 0:2, [1, 2]]
        b[[0, 1], None]
        b[[0, 1], None, [1, 2]]
        b[None, [0, 1], [1, 2]]
        b[:, [0, 1], None, [1, 2]]
        b[1:, [0, 1], ::2]
        b[0, 0, [1, 2]]
        b[k, :, k]
        b[k, k]
        b[:, k, k + 1]
        b[:, :, [0, 1]][0]
        b[[1, 0]].mT
        b.mT[[0, 1], [1, 2]]
        b.mT[:, [0, 1]]
        b.permute(2, 0, 1)[[0, 3]]
        b[[0, 1], [0, 1]].sum(0)
        """,
        b="normal(2, 3, 4)",
        k="ints(2; 0..1)",
    ),
    # Masks.
    *group(
        """
        x[m]
        x[x > 0]
        x[x > 100]
        x[~m]
        x[(x > 0) & m]
        x[rows]
        x[rows, 1]
        x[rows, 1:]
        x[:, columns]
        x[..., columns]
        x[0, columns]
        x[1:, columns]
        x[rows, [1]]
        x[[0], columns]
        x[None, rows]
        x[m].sum()
        x[m] * x[m]
        (2 * x)[m]
        x.T[m.T]
        x[[True, False]]
        x[:, [True, False, True]]
        x[tensor([True, False])]
        x[True]
        x[False]
        x[True, 0]
        x[0, True]
        x[tensor(True)]
        x[x[:, 0] > -100]
        x[x.sum(1) > 0]
        x[m].mean()
        exp(x)[x > 0].sum()
        x[m.T.T]
        """,
        x="normal(2, 3)",
        m="bools(2, 3)",
        rows="bools(2)",
        columns="bools(3)",
    ),
    *group(
        """
        b[m]
        b[m, 1]
        b[m, 1:3]
        b[0, m[0]]
        b[rows]
        b[rows, 0]
        b[:, columns]
        b[rows, :, 0]
        b[..., [True, False, True, True]]
        b[b > 0]
        b[m, [0]]
        b[:, columns, [0]]
        b[rows, :, [0]]
        """,
        b="normal(2, 3, 4)",
        m="bools(2, 3)",
        rows="bools(2)",
        columns="bools(3)",
    ),
    *group(
        """
        s[s > -100]
        s[s > 100]
        s[True]
        s[tensor(False)]
        """,
        s="normal()",
    ),
    *group(
        """
        v[v > 0]
        v[v < -100]
        v[m]
        v[v > 0].sum()
        """,
        v="normal(4)",
        m="bools(4)",
    ),
    *group(
        """
        z[m]
        z[z > 0]
        """,
        z="normal(0, 3)",
        m="bools(0, 3)",
    ),
    *group(
        """
        i[0]
        i[[1, 0], [0, 1]]
        i[i > 1]
        i[:, 1:]
        i[None]
        """,
        i="ints(2, 3; 0..4)",
    ),
    *group(
        """
        x[0]
        x[[0, 1], [1, 2]]
        x[x > 0]
        """,
        x="normal(2, 3) float32",
    ),
    # gather.
    *group(
        """
        gather(x, 1, k)
        gather(x, 0, k)
        gather(x, -1, k)
        gather(x, dim=1, index=k)
        x.gather(1, k)
        torch.gather(x, 1, [[0, 2], [1, 0]])
        gather(x, 0, [[0, 1, 0]])
        gather(x, 1, [[2], [2]])
        gather(x, 1, [[0, 0, 0, 0]])
        gather(x, 1, k).sum()
        gather(x * x, 1, k)
        gather(log_softmax(x, 1), 1, [[0], [2]]).mean()
        gather(x, 1, argmax(x, 1, keepdim=True))
        gather(x.T, 0, k)
        gather(x, 1, zeros(2, 0, dtype=int64))
        """,
        x="normal(2, 3)",
        k="ints(2, 2; 0..1)",
    ),
    *group(
        """
        gather(x, 2, k)
        gather(x, 1, k)
        gather(x, 0, k)
        """,
        x="normal(2, 2, 3)",
        k="ints(1, 2, 2; 0..1)",
    ),
    *group(
        """
        gather(v, 0, k)
        gather(v, 0, tensor(1))
        gather(v, 0, [2, 2, 0])
        """,
        v="normal(3)",
        k="ints(4; 0..2)",
    ),
    *group(
        """
        gather(s, 0, [0, 0])
        gather(s, 0, tensor(0))
        """,
        s="normal()",
    ),
]
