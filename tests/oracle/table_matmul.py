"""Matrix products of every rank: `@`, matmul, dot, mm, mv, bmm, outer.

Which nodes PyTorch makes depends on ranks, on strides and on which side needs a gradient, so
constants stand on either side as well.
"""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        v @ w
        v @ v
        x @ v
        u @ x
        x @ m
        x @ x.T
        x.T @ x
        b @ c
        b @ q
        v @ b
        u @ k
        b @ m.T
        b @ square
        x @ b
        square @ c
        b.mT @ v
        b.mT @ b
        b @ b.mT
        b @ c[0]
        b[:1] @ c
        b @ c[:1]
        b[0] @ c[1]
        b @ c.reshape(2, 1, 4, 2)
        t @ square
        t @ q
        q @ t.mT
        t @ c
        t @ t.mT
        v @ t
        x @ t
        b @ t.mT
        row @ v
        row @ m
        v @ column
        column @ row
        v @ x.T
        x.T @ u
        torch.matmul(x, m)
        matmul(x, v)
        matmul(b, c)
        x.matmul(m)
        np.matmul(x, m)
        torch.mm(x, m)
        x.mm(m)
        torch.mv(x, v)
        x.mv(v)
        torch.bmm(b, c)
        b.bmm(c)
        torch.dot(v, w)
        v.dot(w)
        dot(v, v)
        outer(v, w)
        torch.outer(v, q)
        v.outer(q)
        np.outer(v, w)
        outer(v, v)
        outer(x[0], q)
        outer(x[:, 0], q)
        outer(v, w) @ v
        outer(u, v).sum()
        (x @ m).sum()
        (v @ w) * x
        2 * x @ m
        x @ m @ square @ q
        x @ (m @ q)
        x @ m - x @ m
        -x @ m
        (x @ m).T
        (x @ m)^2
        v @ x.T @ x @ w
        x[0] @ m
        x[:, 0] @ x
        x.T[0] @ x
        b.permute(1, 0, 2) @ square
        b.permute(1, 0, 2) @ q
        b.permute(2, 0, 1) @ v
        b.permute(0, 2, 1) @ x.T
        b.transpose(0, 1) @ c[0]
        b.expand(2, 2, 3, 4) @ square
        v.expand(2, 3) @ m
        relu(x @ m)
        (b @ c).sum(0)
        (b @ q).reshape(6)
        (b @ c).mT.reshape(12)
        """,
        u="normal(2)",
        v="normal(3)",
        w="normal(3)",
        q="normal(4)",
        x="normal(2, 3)",
        m="normal(3, 4)",
        square="normal(4, 4)",
        b="normal(2, 3, 4)",
        c="normal(2, 4, 2)",
        t="normal(2, 1, 3, 4)",
        k="normal(3, 2, 2)",
        row="normal(1, 3)",
        column="normal(3, 1)",
    ),
    # A constant on one side changes which path is taken.
    *group(
        """
        ones(3) @ v
        v @ [1.0, 2.0, 3.0]
        [[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]] @ v
        x @ [1.0, 2.0, 3.0]
        [1.0, 2.0] @ x
        u @ ones(2, 3)
        ones(2, 2) @ x
        x @ ones(3, 2)
        ones(3) @ b
        ones(2, 3) @ b
        x.detach() @ b
        v.detach() @ b
        b @ ones(4)
        b @ ones(4, 2)
        b @ ones(2, 4, 2)
        b @ ones(1, 4, 2)
        ones(1, 2, 3) @ b
        ones(1, 2, 3) @ b[:1]
        ones(2, 2, 3) @ x.T
        ones(2, 2, 3) @ v
        ones(3, 2) @ b.permute(2, 0, 1)
        ones(2) @ b.permute(2, 0, 1)
        b.permute(2, 0, 1) @ ones(3)
        b.permute(0, 2, 1) @ ones(3)
        b.permute(0, 2, 1) @ ones(3, 2)
        b.permute(1, 0, 2) @ ones(4)
        b.permute(1, 0, 2) @ ones(4, 2)
        b.mT @ ones(3)
        t @ ones(4)
        t @ ones(4, 2)
        t @ ones(2, 4, 2)
        t @ ones(2, 2, 4, 2)
        ones(2, 2, 2, 3) @ t
        t[:, 0] @ ones(4)
        row[None] @ b
        b @ q[None, :, None]
        b @ q[:, None]
        eye(3) @ x.T
        x @ eye(3)
        (x @ x.T.detach()).sum()
        outer(ones(2), v)
        outer(v, ones(2))
        dot(v, ones(3))
        """,
        u="normal(2)",
        v="normal(3)",
        q="normal(4)",
        x="normal(2, 3)",
        b="normal(2, 3, 4)",
        t="normal(2, 1, 3, 4)",
        row="normal(1, 3)",
    ),
    # Empty operands, single elements, float32, integers.
    *group(
        """
        z @ m
        y @ z
        z @ y
        z @ v
        zeros(2, 0, 3) @ m
        zeros(2, 0, 3) @ v
        zeros(0, 2, 3) @ m
        zeros(0, 2, 3) @ v
        b @ zeros(4, 0)
        o @ o
        outer(o, v)
        """,
        z="normal(0, 3)",
        y="normal(3, 0)",
        o="normal(0)",
        m="normal(3, 4)",
        v="normal(3)",
        b="normal(2, 3, 4)",
    ),
    *group(
        """
        z @ m
        m @ v
        b @ c
        b @ v
        z @ b
        """,
        z="normal(1, 1)",
        m="normal(1, 1)",
        v="normal(1)",
        b="normal(2, 1, 1)",
        c="normal(2, 1, 1)",
    ),
    *group(
        """
        x @ m
        x @ v
        v @ v
        b @ m
        b @ b.mT
        outer(v, v)
        """,
        x="normal(2, 3) float32",
        m="normal(3, 2) float32",
        v="normal(3) float32",
        b="normal(2, 2, 3) float32",
    ),
    *group(
        """
        i @ j
        i @ k
        k @ k
        outer(k, k)
        """,
        i="ints(2, 3; 0..5)",
        j="ints(3, 2; 0..5)",
        k="ints(3; 0..5)",
    ),
]
