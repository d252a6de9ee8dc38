"""Distances of the rows of matrices: cdist and pdist."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        cdist(x, y)
        torch.cdist(x, y, p=1)
        torch.cdist(x1=x, x2=y, p=2.0)
        cdist(x, y, 3)
        cdist(x, y, 1.5)
        cdist(x, y, 0.5)
        cdist(x, y, p=inf)
        cdist(x, y, p=0)
        cdist(x, y, 4.5)
        cdist(x, x)
        cdist(x, x, 1)
        cdist(x, x, 0.5)
        cdist(x, x, 3)
        cdist(x, x, 1.5)
        cdist(x, x, inf)
        cdist(t, o)
        cdist(t, o, inf)
        cdist(t, o, 1)
        cdist(t, o, 3)
        cdist(t, o, 0.5)
        cdist(t, o, 0)
        cdist(B, B)
        cdist(B, x)
        cdist(x, B)
        cdist(B4, B, 1)
        cdist(B4, B)
        cdist(B, x, 2, 'use_mm_for_euclid_dist')
        cdist(B, B, 2, 'use_mm_for_euclid_dist')
        cdist(B4, B, compute_mode='use_mm_for_euclid_dist')
        cdist(x, y, compute_mode='use_mm_for_euclid_dist')
        cdist(x, y, 1, 'use_mm_for_euclid_dist')
        cdist(x[None], y, 2, 'use_mm_for_euclid_dist')
        cdist(x[None], y[None], 2, 'use_mm_for_euclid_dist')
        cdist(x, y, 2, 'donot_use_mm_for_euclid_dist')
        cdist(many, y)
        cdist(y, many)
        cdist(many, y, compute_mode='donot_use_mm_for_euclid_dist')
        cdist(x[:0], y)
        cdist(x, y[:0])
        cdist(x[:, :0], y[:, :0])
        cdist(f, f)
        cdist(x.T, q)
        cdist(x, y.detach())
        cdist(detach(x), y)
        pdist(A)
        torch.pdist(A, 1)
        F.pdist(A, p=3)
        pdist(A, 0)
        pdist(A, inf)
        pdist(A, 1.5)
        pdist(A, 0.5)
        pdist(A.T)
        pdist(x)
        pdist(x[:1])
        pdist(f)
        pdist(o)
        pdist(o, inf)
        pdist(o, 1)
        pdist(input=A, p=2)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        q="normal(2, 2)",
        B="normal(2, 2, 3)",
        B4="normal(3, 1, 2, 3)",
        many="normal(27, 3)",
        f="normal(2, 3) float32",
        A="normal(4, 3)",
        t=[[1.0, 2.0, 0.0], [0.0, 0.0, 0.0]],
        o=[[1.0, 2.0, 0.0], [2.0, 1.0, 1.0], [0.0, 0.0, 1.0]],
    ),
]
