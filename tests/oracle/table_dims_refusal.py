"""What PyTorch refuses of shapes and dims: they don't fit, are out of range, are empty."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    # Shapes that do not broadcast or do not fit.
    *each(
        """
        x {f} v
        v {f} x
        x {f} x.T
        x {f} ones(2, 2)
        """,
        "+ - * / // % ^ < ==",
        x="normal(2, 3)",
        v="normal(2)",
    ),
    *group(
        """
        where(x > 0, x, v)
        where(m, x, x)
        minimum(x, v)
        maximum(x, x.T)
        atan2(x, v)
        clamp(x, min=v)
        mse_loss(x, v)
        x @ x
        x @ v
        v @ x.T
        v @ w
        w @ v
        s @ x
        x @ s
        s @ s
        x @ 2
        2 @ x
        b @ b
        b @ x
        matmul(x, x)
        dot(v, w)
        dot(x, x)
        dot(s, v)
        mv(x, v)
        mv(v, x)
        mm(x, x)
        mm(v, x)
        bmm(x, x)
        bmm(b, b)
        outer(x, v)
        outer(s, v)
        trace(v)
        trace(b)
        diag(b)
        diag(s)
        diagonal(v)
        diagonal(x, 0, 0, 0)
        diagonal(b, 0, 0, 3)
        tril(v)
        triu(s)
        v.mT
        b.t()
        det(x)
        det(v)
        inv(x)
        inv(v)
        logdet(x)
        slogdet(x)
        linalg.cholesky(x)
        linalg.solve(x, v)
        linalg.solve(A, v)
        linalg.solve(A, x)
        linalg.solve(A, w[:2])
        """,
        x="normal(2, 3)",
        v="normal(2)",
        w="normal(3)",
        s="normal()",
        b="normal(2, 3, 4)",
        m="bools(3, 2)",
        A="matrix(3)",
    ),
    # Reshapes and other shapes.
    *group(
        """
        x.reshape(4)
        x.reshape(-1, 4)
        x.reshape(-1, -1)
        x.reshape(2, -2)
        x.reshape(3, 3)
        x.view(5)
        x.view(-1, 5)
        x.T.view(6)
        x.T.view(2, 3)
        x[:, 1:].view(4)
        (x.T + 1).view(6)
        (x.T * 2).view(2, 3)
        v.expand(2, 3).view(6)
        b.mT.view(8, 3)
        x.flatten(1, 0)
        x.flatten(2)
        x.flatten(0, 5)
        x.squeeze(2)
        x.squeeze((0, 0))
        x.unsqueeze(3)
        x.unsqueeze(-4)
        x.transpose(0, 2)
        x.transpose(-3, 0)
        x.permute(0)
        x.permute(0, 0)
        x.permute(0, 2)
        x.permute(0, 1, 2)
        x.movedim(0, 2)
        x.movedim((0, 1), (0, 0))
        x.movedim((0, 1), (0,))
        x.movedim((0, 0), (0, 1))
        x.expand(3)
        x.expand(4, 3)
        x.expand(2, 6)
        x.expand(-1, 2, 3)
        x.expand(2, 2)
        v.expand(-1, 3)
        broadcast_to(x, (3,))
        broadcast_to(x, (4, 3))
        x.repeat(2)
        x.repeat(-1, 1)
        v.repeat(())
        cat([x, v])
        cat([x, x.T])
        cat([x, x], 2)
        cat([x, x[:, :2]])
        cat([s, s])
        cat([])
        stack([x, x.T])
        stack([x, v])
        stack([x, x], 3)
        stack([x, x], -4)
        stack([])
        x.flip(2)
        x.flip(0, 0)
        x.flip(-3)
        x.roll(1, 2)
        x.roll((1, 2), 0)
        x.roll(1, (0, 1))
        x.reshape(x)
        """,
        x="normal(2, 3)",
        v="normal(3)",
        s="normal()",
        b="normal(2, 3, 4)",
    ),
    # Dims out of range, or twice.
    *each(
        """
        {f}(x, 2)
        {f}(x, -3)
        {f}(x, dim=5)
        """,
        "sum mean prod max min amax amin argmax argmin var std cumsum cumprod softmax log_softmax"
        " logsumexp",
        x="normal(2, 3)",
    ),
    *each(
        """
        {f}(x, (0, 0))
        {f}(x, (0, -2))
        {f}(x, (0, 2))
        """,
        "sum mean amax amin var std logsumexp",
        x="normal(2, 3)",
    ),
    *each(
        """
        {f}(s, 1)
        {f}(s, -2)
        """,
        "sum mean prod amax argmax cumsum softmax var",
        s="normal()",
    ),
    *group(
        """
        norm(x, dim=2)
        norm(x, 2, (0, 0))
        norm(x, 3, dim=-3)
        linalg.vector_norm(x, dim=2)
        """,
        x="normal(2, 3)",
    ),
    # Reductions of nothing that have no value.
    *each("{f}(z)", "max min argmax argmin amax amin", z="normal(0, 3)"),
    *each("{f}(z, 0)", "max min argmax argmin amax amin", z="normal(0, 3)"),
    *group(
        """
        norm(z, inf)
        norm(z, -inf)
        norm(z, inf, dim=0)
        """,
        z="normal(0, 3)",
    ),
]
