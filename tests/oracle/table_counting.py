"""Counts in bins, distinct elements and searches; nothing here has a gradient."""

from __future__ import annotations

from math import nan

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        torch.histc(x)
        torch.histc(x, 4)
        torch.histc(x, bins=4, min=1, max=3)
        x.histc(4, 1, 3)
        x.histc(bins=3)
        torch.histc(x*0, 4)
        torch.histc(u, 4)
        torch.histc(n, 4, 0, 2)
        torch.histc(x, 4, 2, 2)
        torch.histc(f, 5)
        torch.histc(y, 7)
        torch.histc(y, 7, -1, 1)
        torch.histc(y, 7, -1.5, 1.5)
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        n=[1.0, nan, 2.0, 1.0, nan],
        f="normal(2, 3) float32",
        y="normal(3, 4)",
        u=("float64", []),
    ),
    *group(
        """
        torch.histogram(x.detach(), 4)
        torch.histogram(x.detach(), 4, range=(0., 4.))
        torch.histogram(x.detach(), 4, range=[0., 4.])
        torch.histogram(x.detach(), 4, weight=x.detach())
        torch.histogram(x.detach(), 4, density=True)
        torch.histogram(x.detach(), torch.tensor([0., 2, 3, 4]))
        torch.histogram(x.detach(), bins=torch.tensor([0., 2, 3, 4]))
        torch.histogram(x.detach(), torch.tensor([0., 2, 3, 4]), weight=x.detach(), density=True)
        torch.histogram(x, 4)[0]
        torch.histogram(x, 4).hist
        torch.histogram(x, 4).bin_edges
        torch.histogram(x.detach(), 4, weight=x)[0]
        torch.histogram(x*0, 4)
        torch.histogram(x.detach(), 4, range=(2., 2.))
        torch.histogram(u.detach(), 4)
        torch.histogram(f.detach(), 4)
        torch.histogram(y.detach(), 5)
        y.detach().histogram(5)
        torch.histogram(y.detach())
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        f="normal(2, 3) float32",
        y="normal(3, 4)",
        u=("float64", []),
    ),
    # Elements on edges, which are rounded to one side of them.
    *group(
        """
        torch.histogram(x.detach(), 3)
        torch.histogram(x.detach(), 5)
        torch.histogram(x.detach(), 6)
        torch.histogram(x.detach(), 7)
        torch.histogram(x.detach(), 9)
        torch.histogram(x.detach(), 10)
        torch.histogram(x.detach(), 10, range=(0., 1.))
        torch.histogram(x.float().detach(), 6)
        torch.histogram(x.float().detach(), 9)
        torch.histogram(x.float().detach(), 10)
        """,
        x=[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    ),
    *group(
        """
        torch.histogramdd(x, [3, 3]).hist
        torch.histogramdd(x, bins=(3, 3)).bin_edges[1]
        torch.histogramdd(x, 2)[0]
        torch.histogramdd(x, [2, 2], range=[0., 1., 0., 1.], density=True)[0]
        torch.histogramdd(x, [3, 3], weight=w).hist
        torch.histogramdd(x.detach(), [3, 3], weight=w).bin_edges[0]
        torch.histogramdd(x, (torch.tensor([0., 1, 2]), torch.tensor([0., 1, 3]))).hist
        torch.histogramdd(x, [torch.tensor([0., 1, 2]), torch.tensor([0., 1, 3])])[1][1]
        torch.histogramdd(x, [y[:3].cumsum(0), torch.tensor([0., 1])], density=True)[0]
        torch.histogramdd(x.view(2, 2, 2), (2, 2)).hist
        torch.histogramdd(x.view(2, 2, 2), (2, 2), weight=w.view(2, 2)).hist
        torch.histogramdd(x * 0, [2, 2])[1][0]
        torch.histogramdd(x[:0], [2, 2]).hist
        torch.histogramdd(x.float(), [3, 2]).hist
        torch.histogramdd(y[:, None], [5], density=True)[0]
        """,
        x=[[0.0, 1.0], [1.0, 0.0], [2.0, 0.0], [2.0, 2.0]],
        w=[1.0, 2.0, 4.0, 8.0],
        y=[0.1, 0.2, 0.3, 0.6, 0.9, 1.1],
    ),
    *group(
        """
        torch.bincount(i)
        torch.bincount(i, i)
        torch.bincount(i, w)
        torch.bincount(i, w.detach())
        torch.bincount(i, weights=w.float())
        torch.bincount(i, minlength=7)
        torch.bincount(i, minlength=2)
        i.bincount()
        i.bincount(minlength=6)
        i.bincount(w.detach(), 5)
        torch.bincount(e)
        torch.bincount(e, minlength=3)
        torch.bincount(t)
        """,
        i=("int64", [1, 3, 3, 0]),
        e=("int64", []),
        w="normal(4)",
        t=("int32", [0, 2, 2]),
    ),
    *group(
        """
        torch.unique(x)
        torch.unique(x.detach())
        x.unique()
        i.unique()
        torch.unique(i, return_inverse=True)
        torch.unique(i, return_counts=True)
        torch.unique(i, return_inverse=True, return_counts=True)
        torch.unique(i, True, True)
        torch.unique(i, sorted=False)
        torch.unique(p, dim=0)
        torch.unique(p, dim=1)
        torch.unique(p, dim=-1, return_counts=True)
        torch.unique(p, dim=0, return_inverse=True, return_counts=True)
        torch.unique(p, True, False, False, 0)
        p.unique()
        p.unique(return_counts=True)
        n.unique()
        n.unique(return_counts=True, return_inverse=True)
        b.unique()
        z.unique(return_inverse=True)
        u.unique(return_inverse=True, return_counts=True)
        e.unique()
        d.unique(dim=0)
        d.unique()
        x.unique(dim=0)
        f.unique()
        y[:0].unique(dim=0, return_counts=True)
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        i=("int64", [1, 3, 3, 0]),
        n=[1.0, nan, 2.0, 1.0, nan],
        f="normal(2, 3) float32",
        y="normal(3, 4)",
        p=[[1, 1], [1, 1], [2, 0]],
        z="normal()",
        u=("float64", []),
        e=("int64", []),
        b="bools(5)",
        d=[[1.0, nan], [1.0, nan], [0.0, 2.0]],
    ),
    *group(
        """
        torch.unique_consecutive(x)
        torch.unique_consecutive(k)
        torch.unique_consecutive(k, dim=1)
        torch.unique_consecutive(k, dim=0)
        torch.unique_consecutive(k, return_inverse=True, return_counts=True)
        torch.unique_consecutive(k, True, True, 1)
        k.unique_consecutive(return_counts=True)
        z.unique_consecutive(return_counts=True)
        u.unique_consecutive(return_counts=True)
        n.unique_consecutive()
        x.unique_consecutive()
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        n=[1.0, nan, 2.0, 1.0, nan],
        k=[[1, 1, 1], [1, 1, 2]],
        z="normal()",
        u=("float64", []),
    ),
    *group(
        """
        x.unique().shape[0] * x
        x.detach().unique() * 2
        (x.detach().unique() + x[:4]).sum()
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
    ),
    *group(
        """
        torch.searchsorted(s, x)
        torch.searchsorted(s, x, right=True)
        torch.searchsorted(s, x, side='right')
        torch.searchsorted(s, x, side='left')
        torch.searchsorted(s, 2)
        torch.searchsorted(s, 2.5, right=True)
        torch.searchsorted(s, i)
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        i=("int64", [1, 3, 3, 0]),
        s=[1.0, 2.0, 2.0, 5.0],
    ),
    *group(
        """
        torch.searchsorted(i.sort().values, 2.5)
        """,
        i=("int64", [1, 3, 3, 0]),
    ),
    *group(
        """
        torch.searchsorted(s, 2, out_int32=True)
        torch.searchsorted(s, x, out_int32=True)
        torch.searchsorted(s, torch.tensor(2.))
        torch.searchsorted(s[None], x[None])
        torch.searchsorted(r, v)
        torch.searchsorted(r, v, right=True)
        torch.searchsorted(r[0], v)
        torch.searchsorted(un, x, sorter=o)
        torch.searchsorted(s, n)
        torch.searchsorted(n, x)
        torch.searchsorted(n, n, right=True)
        torch.searchsorted(x, s)
        torch.searchsorted(u, x)
        torch.searchsorted(s, f)
        torch.searchsorted(s, u)
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        n=[1.0, nan, 2.0, 1.0, nan],
        s=[1.0, 2.0, 2.0, 5.0],
        f="normal(2, 3) float32",
        u=("float64", []),
        r=[[1.0, 3.0, 5.0, 7.0, 9.0], [2.0, 4.0, 6.0, 8.0, 10.0]],
        v=[[3.0, 6.0, 9.0], [3.0, 6.0, 9.0]],
        o=("int64", [1, 2, 0]),
        un=[3.0, 1.0, 2.0],
    ),
    *group(
        """
        torch.bucketize(x, s)
        torch.bucketize(x, s, right=True)
        torch.bucketize(2, s)
        torch.bucketize(2.5, boundaries=s)
        torch.bucketize(i, s)
        torch.bucketize(y, s, out_int32=True)
        torch.bucketize(f, c)
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        i=("int64", [1, 3, 3, 0]),
        s=[1.0, 2.0, 2.0, 5.0],
        f="normal(2, 3) float32",
        y="normal(3, 4)",
        c=("float32", [0.5, 1.0, 2.0]),
    ),
    *group(
        """
        torch.isin(x, s)
        torch.isin(i, s)
        torch.isin(x, 2)
        torch.isin(2, x)
        torch.isin(x, s, invert=True)
        torch.isin(n, n)
        torch.isin(x, u)
        torch.isin(u, x)
        torch.isin(x, s, assume_unique=True)
        torch.isin(i, 2.5)
        torch.isin(i, 3)
        torch.isin(p, i)
        torch.isin(elements=x, test_elements=s)
        torch.isin(y, y[0])
        x.isin(s)
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        i=("int64", [1, 3, 3, 0]),
        n=[1.0, nan, 2.0, 1.0, nan],
        s=[1.0, 2.0, 2.0, 5.0],
        y="normal(3, 4)",
        p=[[1, 1], [1, 1], [2, 0]],
        u=("float64", []),
    ),
]
