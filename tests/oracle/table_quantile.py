"""Quantiles in every interpolation, distances and renorm."""

from __future__ import annotations

from math import nan

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        torch.dist(x, y)
        torch.dist(x, y, 1)
        torch.dist(x, y, p=3)
        torch.dist(x, y, p=1.5)
        torch.dist(x, y, p=0.5)
        torch.dist(x, y, inf)
        torch.dist(x, y, -inf)
        torch.dist(x, y, -1)
        torch.dist(x, a)
        torch.dist(a, x, 3)
        torch.dist(x, z)
        torch.dist(z, z*2)
        x.dist(y)
        x.dist(y, 2.)
        x.dist(other=y, p=1)
        torch.dist(f, f*2)
        torch.dist(f, g)
        torch.dist(i, x[:2])
        torch.dist(x, x)
        torch.dist(x, x, 3)
        torch.dist(x, x, 1)
        torch.dist(u, u)
        torch.dist(n, n*2)
        """,
        x="normal(3, 4)",
        y="normal(3, 4)",
        a="normal(4)",
        f="normal(2, 3) float32",
        g="normal(3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
        u=("float64", []),
        n=[1.0, nan, 2.0],
    ),
    *group(
        """
        torch.renorm(x, 2, 0, 1.)
        torch.renorm(x, 2, 1, 1)
        torch.renorm(x, 1, 0, 1.)
        torch.renorm(x, p=3, dim=-1, maxnorm=0.5)
        torch.renorm(x, 1.5, 0, 0.5)
        torch.renorm(x, 0.5, 0, 0.5)
        torch.renorm(x, inf, 0, 0.5)
        torch.renorm(x, 2, 0, 100.)
        torch.renorm(x, 2, 0, 0)
        x.renorm(2, 0, 1.)
        w.renorm(2, 1, 1.)
        w.renorm(2, 2, 1.)
        f.renorm(2, 0, 0.5)
        o.renorm(2, 0, 0.5)
        x.T.renorm(2, 0, 1.)
        x.T.renorm(2, 0, 1.).reshape(12)
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        w="normal(2, 3, 2)",
        o=[[0.0, 0.0], [1.0, -1.0]],
    ),
    *group(
        """
        torch.quantile(x, 0.3)
        torch.quantile(x, 0)
        torch.quantile(x, 1)
        torch.quantile(x, 0.5, dim=1)
        torch.quantile(x, 0.5, 1)
        torch.quantile(x, 0.5, 0, True)
        torch.quantile(x, 0.5, keepdim=True)
        torch.quantile(x, 0.4, dim=0)
        torch.quantile(x, 0.4, dim=-2, keepdim=True)
        torch.quantile(x, 0.4, dim=1, interpolation='lower')
        torch.quantile(x, 0.4, dim=1, interpolation='higher')
        torch.quantile(x, 0.4, dim=1, interpolation='nearest')
        torch.quantile(x, 0.5, dim=1, interpolation='nearest')
        torch.quantile(x, 0.4, dim=1, interpolation='midpoint')
        torch.quantile(x, 0.4, dim=0, interpolation='midpoint')
        torch.quantile(x, 0.4, interpolation='linear')
        torch.quantile(x.detach(), q)
        torch.quantile(x, q)
        torch.quantile(x, q, dim=1)
        torch.quantile(x, q, dim=0)
        torch.quantile(x, q, dim=0, keepdim=True)
        torch.quantile(x, q, keepdim=True)
        torch.quantile(x, r, dim=1)
        torch.quantile(x, s, dim=1)
        torch.quantile(x, s)
        torch.quantile(x, q.detach(), dim=1)
        torch.quantile(x, q, dim=1, interpolation='lower')
        torch.quantile(x, q, dim=1, interpolation='midpoint')
        torch.quantile(x, q, dim=1, interpolation='nearest')
        torch.quantile(x, torch.tensor([0.25, 0.5, 0.75]), dim=1)
        torch.quantile(x, torch.tensor(0.25))
        torch.quantile(f, t)
        torch.quantile(f, t, dim=1)
        torch.quantile(f, 0.3)
        torch.quantile(f, 0.7, dim=0)
        torch.quantile(z, 0.5)
        torch.quantile(z, 0.5, dim=0)
        torch.quantile(z, q)
        torch.quantile(z, q, dim=0, keepdim=True)
        torch.quantile(a, 0.25)
        torch.quantile(a, 0.3, dim=0)
        torch.quantile(a, q, dim=0)
        torch.quantile(w, q, dim=1)
        torch.quantile(w, q, dim=1, keepdim=True)
        torch.quantile(w, 0.6, dim=-1)
        torch.quantile(w, 0.6)
        torch.quantile(n, 0.5)
        torch.quantile(n, 0.5, dim=1)
        torch.quantile(n, q, dim=0)
        """,
        x="normal(3, 4)",
        a="normal(5)",
        f="normal(2, 3) float32",
        z="normal()",
        w="normal(2, 3, 2)",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [nan, nan, nan, nan]],
        q=[0.3, 0.7],
        r=[0.25],
        s=0.4,
        t=("float32", [0.3, 0.7]),
    ),
    *group(
        """
        torch.nanquantile(n, 0.5)
        torch.nanquantile(n, 0.5, dim=1)
        torch.nanquantile(n, 0.5, dim=0)
        torch.nanquantile(n, q, dim=1)
        torch.nanquantile(n, q, dim=0, keepdim=True)
        torch.nanquantile(n, 0.4, dim=1, interpolation='lower')
        torch.nanquantile(n, 0.4, dim=1, interpolation='higher')
        torch.nanquantile(n, 0.4, dim=1, interpolation='nearest')
        torch.nanquantile(n, 0.4, dim=1, interpolation='midpoint')
        torch.nanquantile(x, 0.5)
        torch.nanquantile(x, q, 1)
        torch.nanquantile(x.detach(), q, 1)
        torch.nanquantile(f, 0.3, dim=1)
        torch.nanquantile(z, 0.5)
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [nan, nan, nan, nan]],
        q=[0.3, 0.7],
    ),
    *group(
        """
        x.quantile(0.5)
        x.quantile(q, dim=1)
        x.quantile(0.25, dim=0, keepdim=True, interpolation='higher')
        """,
        x="normal(3, 4)",
        q=[0.3, 0.7],
    ),
    *group(
        """
        x.nanquantile(0.5)
        x.nanquantile(q=0.5, dim=0)
        """,
        x="normal(3, 4)",
    ),
    *group(
        """
        x.quantile(q=0.5)
        x.T.quantile(0.5, dim=1)
        x.T.quantile(0.5)
        x.T.quantile(0.5, dim=0)
        w.transpose(0, 2).quantile(0.5, dim=1)
        x.quantile(0.5, dim=1).reshape(3)
        w.quantile(q, dim=1).reshape(8)
        w.quantile(q, dim=0).reshape(12)
        w.quantile(0.5, dim=0).T.reshape(6)
        """,
        x="normal(3, 4)",
        w="normal(2, 3, 2)",
        q=[0.3, 0.7],
    ),
]
