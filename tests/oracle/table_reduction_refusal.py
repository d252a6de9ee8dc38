"""What PyTorch refuses of sorting, ranks, differences, quantiles, counts and searches."""

from __future__ import annotations

from math import nan

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    # Sorting, ranks, differences, covariance, quantiles, counts and searches.
    *group(
        """
        torch.sort(x, 0, False, stable=True)[0]
        torch.sort(x, 0, stable=True)[0]
        torch.argsort(x, 0, True, True)
        torch.argsort(x, 1, stable=True)
        torch.sort(z, 1)
        torch.sort(x, 2)
        x.topk(5)[0]
        x.topk(-1)[0]
        i.topk(3, 0)
        b.topk(2)
        x.kthvalue(0).values
        x.kthvalue(5)
        u.mode()
        u.median(0)
        b.median()
        x.median(5)
        x.median(keepdim=True)
        x.median(dim=None)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
        b="bools(5)",
        u=("float64", []),
    ),
    *group(
        """
        x.nansum(dtype=torch.int64)
        i.nanmean()
        i.nanmean(dtype=torch.float64)
        x.count_nonzero(keepdim=True)
        x.cummax()
        x.cummax(2)
        i.logcumsumexp(1)
        b.logcumsumexp(0)
        x.aminmax(0)
        u.aminmax()
        v.aminmax(dim=1)
        torch.var_mean(i)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        b="bools(5)",
        u=("float64", []),
        v=("float64", [[], []]),
    ),
    *group(
        """
        b.topk(2)
        b.kthvalue(2)
        """,
        b="bools(5)",
    ),
    *group(
        """
        torch.diff(x, -1)
        z.diff()
        torch.diff(x, prepend=a)
        torch.gradient(x, spacing=[2.])
        torch.gradient(x, edge_order=3)
        torch.gradient(o)
        torch.trapezoid(x, p)
        torch.trapezoid(x[0], x)
        torch.trapezoid(b)
        torch.trapezoid(z)
        torch.trapezoid(x, a)
        torch.cov(x, aweights=j)
        torch.cov(x, fweights=s)
        torch.cov(x, fweights=j[1:])
        torch.cov(b)
        torch.cov(w)
        torch.corrcoef(w)
        """,
        x="normal(3, 4)",
        p="normal(3, 1)",
        z="normal()",
        b="bools(5)",
        w="normal(2, 3, 2)",
        o="normal(1)",
        a="normal(5)",
        s="positive(4)",
        j=("int64", [2, 1, 3, 1]),
    ),
    *group(
        """
        torch.dist(i, i)
        torch.dist(u, u, inf)
        torch.dist(x, 2)
        torch.dist(b, b)
        a.renorm(2, 0, 0.5)
        i.renorm(2, 0, 0.5)
        x.renorm(-1, 0, 0.5)
        x.renorm(2, 0, -0.5)
        x.renorm(2, 2, 0.5)
        """,
        x="normal(3, 4)",
        a="normal(4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        u=("float64", []),
        b="bools(5)",
    ),
    *group(
        """
        torch.quantile(x, 0.4, dim=1, interpolation='cubic')
        torch.quantile(x, t)
        torch.quantile(x, m)
        torch.quantile(x, bad)
        torch.quantile(x, 1.5)
        torch.quantile(x, -0.1)
        torch.quantile(i, 0.5)
        torch.quantile(u, 0.5)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        u=("float64", []),
        t=("float32", [0.3, 0.7]),
        m=[[0.1, 0.2]],
        bad=[0.5, 1.5],
    ),
    *group(
        """
        torch.histc(i, 4)
        torch.histc(n, 4)
        torch.histc(x, 0)
        torch.histc(x, 4, 3, 1)
        torch.histogram(i, 4)
        torch.histogram(n, 5)
        torch.bincount(x)
        torch.bincount(i-2)
        torch.bincount(p)
        torch.bincount(i, w[:2])
        torch.bincount(b)
        torch.bincount(i, minlength=-1)
        z.unique(dim=0)
        y[:, :0].unique(dim=0)
        torch.searchsorted(s, x, side='left', right=True)
        torch.searchsorted(s, x, side='middle')
        torch.searchsorted(s[None], x)
        torch.searchsorted(s[None], 2.)
        torch.searchsorted(r, v[0])
        torch.searchsorted(un, x, sorter=un)
        torch.searchsorted(z, x)
        torch.bucketize(x, s[None])
        torch.isin(b, b)
        torch.isin(2, 2)
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        i=("int64", [1, 3, 3, 0]),
        n=[1.0, nan, 2.0, 1.0, nan],
        s=[1.0, 2.0, 2.0, 5.0],
        y="normal(3, 4)",
        p=[[1, 1], [1, 1], [2, 0]],
        z="normal()",
        w="normal(4)",
        r=[[1.0, 3.0, 5.0, 7.0, 9.0], [2.0, 4.0, 6.0, 8.0, 10.0]],
        v=[[3.0, 6.0, 9.0], [3.0, 6.0, 9.0]],
        b="bools(5)",
        un=[3.0, 1.0, 2.0],
    ),
    *group(
        """
        x.max((0, 1))
        torch.min(x, (0, 1))
        b.dist(x)
        torch.isin(b, 0)
        torch.searchsorted(b[0], b)
        """,
        x="normal(2, 3)",
        b="bools(2, 3)",
    ),
    *group(
        """
        torch.histogramdd(v, [3])
        torch.histogramdd(x, [3, 3])
        torch.histogramdd(x, [3, 3, 0])
        torch.histogramdd(x, [3, 3, 3], range=[0., 1.])
        torch.histogramdd(x, [3, 3, 3], weight=v)
        torch.histogramdd(x, [v, v, x])
        torch.histogramdd(x.long(), 2)
        torch.histogramdd(x / 0, 2)
        """,
        x="normal(2, 3)",
        v="normal(3)",
    ),
]
