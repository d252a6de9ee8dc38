"""Norms of every order, of vectors and matrices, over every form of `dim`."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    *each(
        """
        norm(x, {f})
        x.norm({f})
        norm(x, {f}, dim=1)
        norm(x, p={f}, dim=0, keepdim=True)
        linalg.vector_norm(x, {f})
        linalg.vector_norm(x, {f}, dim=1)
        """,
        "0 0.5 1 1.5 2 2.5 3 4 inf -inf -1 -2",
        x="normal(2, 3)",
    ),
    *each(
        """
        norm(x, {f})
        linalg.norm(x, {f})
        """,
        "0 1 1.5 2 3 inf -inf -1",
        x="normal(4)",
    ),
    *group(
        """
        norm(x)
        x.norm()
        torch.norm(x)
        np.linalg.norm(x)
        linalg.norm(x)
        torch.linalg.norm(x)
        linalg.vector_norm(x)
        norm(x, 2)
        norm(x, dim=0)
        norm(x, dim=(0, 1))
        norm(x, dim=(0, 1), keepdim=True)
        x.norm(dim=1)
        x.norm(2, 1)
        x.norm(2, -1, True)
        x.norm(p=2, dim=1, keepdim=True)
        x.norm(keepdim=True)
        norm(x, 'fro')
        norm(x, p='fro')
        norm(x, 'fro', dim=(0, 1))
        norm(x, 'fro', dim=1)
        linalg.norm(x, 'fro')
        linalg.norm(x, ord='fro', keepdim=True)
        linalg.norm(x, dim=1)
        linalg.norm(x, dim=(0, 1))
        linalg.norm(x, 2, dim=1)
        linalg.norm(x, ord=3, dim=0, keepdim=True)
        linalg.vector_norm(x, ord=2, dim=(0, 1))
        linalg.vector_norm(x, 3, (0, 1), True)
        linalg.vector_norm(x, 1)
        norm(x, 1, (0, 1))
        norm(x, 3, axis=-1)
        norm(x)^2
        x / norm(x)
        x / norm(x, dim=1, keepdim=True)
        norm(x - 1)
        norm(x @ x.T)
        2 * x.norm(1)
        """,
        x="normal(2, 3)",
    ),
    *group(
        """
        norm(x)
        norm(x, 3)
        norm(x, dim=(0, 2))
        linalg.norm(x, dim=1)
        linalg.norm(x, 'fro', dim=(1, 2))
        linalg.vector_norm(x, 1, dim=(1, 2), keepdim=True)
        """,
        x="normal(2, 3, 2)",
    ),
    *group(
        """
        norm(x)
        norm(x, 1)
        norm(x, 3)
        norm(x, inf)
        norm(x, 0)
        linalg.norm(x)
        """,
        x="normal()",
    ),
    *group(
        """
        norm(x)
        norm(x, 1)
        norm(x, dim=0)
        norm(x, dim=1)
        norm(x, 0)
        """,
        x="normal(0, 3)",
    ),
    *group(
        """
        norm(x)
        norm(x, 1)
        norm(x, dim=1)
        """,
        x="normal(2, 3) float32",
    ),
    *group("norm(x, dtype=float64)", x="normal(2, 3) float32"),
]
