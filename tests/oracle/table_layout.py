"""Memory layout as the grad_fn chain shows it: what `reshape` adds after transposes and the like.

PyTorch reshapes a contiguous tensor by ViewBackward0, one whose strides allow it by
ReshapeAliasBackward0, and any other by CloneBackward0 and UnsafeViewBackward0; elementwise
results keep the layout of their operands, reductions and many others do not.
"""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_UNARY = "abs exp sqrt square relu gelu softplus elu silu leaky_relu sigmoid tanh floor round"
_INPUTS = {
    "x": "positive(2, 3)",
    "y": "positive(2, 3)",
    "b": "normal(2, 3, 2)",
    "v": "normal(3)",
    "w": "normal(3)",
    "u": "normal(2)",
    "s": "normal()",
    "row": "normal(1, 3)",
    "column": "normal(2, 1)",
    "A": "posdef(3)",
    "B": "posdef(2, 3)",
    "q": "normal(3, 2)",
    "t": "normal(2, 1, 3, 2)",
    "z": "normal(0, 3)",
}

CASES: list[Case] = [
    # Views of a transpose.
    *group(
        """
        x.T.reshape(6)
        x.T.reshape(3, 2)
        x.T.reshape(2, 3)
        x.T.reshape(-1)
        x.T.flatten()
        x.mT.reshape(6)
        x.t().reshape(6)
        x.transpose(0, 1).reshape(2, 3)
        x.T.T.reshape(6)
        x.T.mT.view(6)
        x.T.unsqueeze(0).reshape(6)
        x.T.unsqueeze(0).reshape(3, 2)
        x.T.expand(2, 3, 2).reshape(12)
        x.T[0].reshape(2)
        x.T[0:1].reshape(2)
        x.T.movedim(0, 1).reshape(6)
        b.mT.reshape(2, 2, 3, 1)
        b.mT.reshape(4, 3)
        b.mT.reshape(2, 6)
        b.mT.view(2, 2, 3, 1)
        b.mT.flatten(1)
        b.transpose(0, 1).reshape(3, 2, 2, 1)
        b.transpose(0, 1).reshape(3, 4)
        b.transpose(0, 1).flatten(1)
        b.permute(1, 0, 2).flatten(0, 1)
        b.permute(2, 0, 1).reshape(2, 6)
        b.permute(2, 0, 1).view(2, 6)
        b.T.reshape(12)
        t.squeeze(1).reshape(12)
        t.mT.squeeze(1).reshape(12)
        t.mT.reshape(2, 2, 3)
        row.T.reshape(3)
        row.T.view(3)
        row.T.flatten()
        column.T.view(2)
        z.T.reshape(0)
        z.T.reshape(0, 3)
        x.unsqueeze(1).reshape(6)
        x.detach().T.reshape(6) * x.reshape(6)
        """,
        **_INPUTS,
    ),
    # Views of slices, selections and expansions.
    *group(
        """
        x[:, ::2].reshape(4)
        x[:, ::2].reshape(2, 2)
        x[:, 0].reshape(2)
        x[:, 0].reshape(2, 1)
        x[:, 0].view(2, 1)
        x[:, 1:].flatten()
        x[:, 1:].view(2, 1, 2)
        x[0:1].reshape(3)
        x[0:1].view(3)
        x[0].reshape(3, 1)
        x[1].view(3, 1)
        (x[:, ::2] * 2).view(4)
        v[::2].reshape(2, 1)
        b[:, 0].reshape(4)
        b[:, 0].view(2, 2)
        b[..., 0].reshape(6)
        b[:, :2].reshape(2, 4)
        b[:, :2].view(2, 4)
        x.diagonal().reshape(2)
        x.diagonal().view(2, 1)
        diag(A).reshape(3, 1)
        v.expand(2, 3).reshape(6)
        v.expand(2, 3).reshape(2, 3)
        v.expand(2, 3).flatten()
        row.expand(4, 3).reshape(12)
        column.expand(2, 3).reshape(6)
        s.expand(2, 3).reshape(6)
        s.expand(2, 3).view(3, 2)
        v.expand(1, 3).reshape(3)
        v.expand(1, 3).view(3)
        """,
        **_INPUTS,
    ),
    # Elementwise results keep their operand's layout.
    *each(
        """
        {f}(x.T).reshape(6)
        {f}(x.T).T.view(6)
        """,
        _UNARY,
        **_INPUTS,
    ),
    *group(
        """
        (x.T + 1).reshape(6)
        (1 + x.T).reshape(6)
        (x.T * 2).reshape(6)
        (2 / x.T).reshape(6)
        (2 - x.T).reshape(6)
        (x.T ^ 2).reshape(6)
        (2 ^ x.T).reshape(6)
        (x.T % 1).reshape(6)
        (0.5 ^ x.T).view(6)
        (x.T ^ y.T).reshape(6)
        (x.T ^ 0.5).T.view(6)
        (x.T // 0.5).reshape(6)
        (2 % x.T).reshape(6)
        div(x.T, 2, rounding_mode='floor').reshape(6)
        (-x.T).reshape(6)
        (x.T / 2).T.view(6)
        (x.T + y.T).reshape(6)
        (x.T * y.T).T.reshape(6)
        (x.T + ones(3, 2)).reshape(6)
        (ones(3, 2) + x.T).reshape(6)
        (x + x.T.T).reshape(6)
        (A + A.T).reshape(9)
        (A.T + A).reshape(9)
        (A.T * 2 + A).reshape(9)
        (A * A.T.exp()).reshape(9)
        (x.T + s).reshape(6)
        (s + x.T).reshape(6)
        (x.T + v[:, None]).reshape(6)
        (v[:, None] + x.T).reshape(6)
        (u + x.T).reshape(6)
        (x.T * u).reshape(6)
        (b.permute(1, 0, 2) + x[:, 0, None]).reshape(12)
        (b.permute(2, 1, 0) * u).reshape(12)
        (b.permute(2, 0, 1) + b.permute(2, 0, 1)).reshape(12)
        (b.mT + b.mT).flatten(1)
        (row.T + x.T).reshape(6)
        (row.T * v).reshape(9)
        (v * row.T).reshape(9)
        (v[:, None] + v).reshape(9)
        (v + v[:, None]).reshape(9)
        (v.expand(2, 3) + 1).reshape(6)
        (v.expand(2, 3) * x).reshape(6)
        (v.expand(2, 3) * 2).view(6)
        (v.expand(2, 3).T * 2).reshape(6)
        v[:, None].expand(3, 2).exp().reshape(6)
        v.expand(2, 3).T.exp().reshape(6)
        where(x.T > 1, x.T, 0.0).reshape(6)
        where(x.T > 1, x.T, y.T).reshape(6)
        where(x.T > 1, 0.0, x.T).reshape(6)
        clamp(x.T, 0.5, 1).reshape(6)
        clamp(x.T, min=y.T).reshape(6)
        minimum(x.T, y.T).reshape(6)
        maximum(x.T, ones(3, 2)).reshape(6)
        maximum(ones(3, 2), x.T).reshape(6)
        atan2(x.T, y.T).reshape(6)
        x.T.flip(0).reshape(6)
        mse_loss(x.T, y.T, reduction='none').reshape(6)
        (zeros_like(x.T) + x.T).reshape(6)
        (ones_like(x.T) * s).reshape(6)
        (full_like(x.T, 2.0) * x.T).reshape(6)
        (ones_like(x[:, ::2]) * s).reshape(4)
        (ones_like(v.expand(2, 3).T) * s).reshape(6)
        mse_loss(x.T, ones(3, 2), reduction='none').reshape(6)
        mse_loss(ones(3, 2), x.T, reduction='none').reshape(6)
        (ones_like(x) * x.T.reshape(2, 3)).reshape(6)
        x[:, ::2].exp().reshape(4)
        x[:, ::2].flip(0).reshape(4)
        (x.T[:2] + 1).reshape(4)
        (x.T[::2] * 2).reshape(4)
        """,
        **_INPUTS,
    ),
    # Others make their own.
    *group(
        """
        x.T.softmax(1).reshape(6)
        softmax(x.T, 0).reshape(6)
        log_softmax(x.T, 1).reshape(6)
        x.T.cumsum(0).reshape(6)
        x.T.cumprod(1).reshape(6)
        x.T.roll(1, 0).reshape(6)
        x.T.tril().reshape(6)
        triu(A.T).reshape(9)
        x.T.repeat(1, 1).reshape(6)
        x.T.tile(1, 2).reshape(12)
        cat([x.T, y.T]).reshape(12)
        stack([x.T, y.T]).reshape(12)
        x.T.sum(0).reshape(2, 1)
        x.T.sum(1, keepdim=True).reshape(3)
        b.permute(2, 0, 1).sum(0).reshape(6)
        b.permute(2, 1, 0).sum(0).reshape(6)
        b.permute(2, 1, 0).mean(0).reshape(6)
        b.permute(2, 1, 0).amax(0).reshape(6)
        b.permute(2, 1, 0).max(0)[0].reshape(6)
        b.permute(2, 1, 0).var(0).reshape(6)
        b.permute(2, 1, 0).std(0).reshape(6)
        b.permute(2, 1, 0).prod(0).reshape(6)
        b.permute(2, 1, 0).norm(dim=0).reshape(6)
        b.permute(2, 1, 0).logsumexp(0).reshape(6)
        x.T[[0, 1]].reshape(4)
        x.T[:, [0, 1]].reshape(6)
        x.T[x.T > 1].reshape(-1)
        gather(x.T, 0, [[0, 1]]).reshape(2)
        b.permute(0, 2, 1)[[0, 1]].reshape(12)
        b.permute(2, 1, 0)[[0, 1]].reshape(12)
        b.mT[:, [0, 1]].reshape(12)
        b.mT[:, :, [0, 1]].reshape(8)
        b[:, [0, 1]].reshape(8)
        x[:, [0, 2]].reshape(4)
        x[:, [0, 2]].T.reshape(4)
        (x.T @ x).reshape(9)
        (x @ q).T.reshape(4)
        (b @ q.T).reshape(18)
        (A @ b).reshape(12)
        (b @ b.mT).mT.reshape(18)
        (v @ b).reshape(4)
        outer(v, w).reshape(9)
        outer(u, v).T.reshape(6)
        outer(x[:, 0], v).reshape(6)
        outer(x.T[0], v).reshape(6)
        diag(v).reshape(9)
        einsum('ij->ji', x).reshape(6)
        einsum('ij,jk->ik', x, q).reshape(4)
        inv(A).reshape(9)
        inv(A).T.reshape(9)
        linalg.inv(A.T).reshape(9)
        inv(A).mT.view(9)
        inv(B).reshape(18)
        (inv(A) + A).reshape(9)
        (A + inv(A)).reshape(9)
        (A @ inv(A)).reshape(9)
        linalg.solve(A, q).reshape(6)
        linalg.solve(A, q).T.reshape(6)
        linalg.solve(A, v).reshape(3, 1)
        linalg.solve(B, q).reshape(12)
        linalg.cholesky(A).reshape(9)
        linalg.cholesky(A).mT.reshape(9)
        linalg.cholesky(A, upper=True).reshape(9)
        det(B).reshape(2, 1)
        """,
        **_INPUTS,
    ),
]
