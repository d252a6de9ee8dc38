"""Sorting and what is chosen by rank: sort, topk, kthvalue, mode and medians, with ties and NaN."""

from __future__ import annotations

from math import nan

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        torch.sort(x)
        torch.sort(x)[0]
        torch.sort(x, 1)[0]
        torch.sort(x, 0)[0]
        torch.sort(x, dim=0, descending=True)
        torch.sort(x, dim=0, descending=True).values
        torch.sort(x, -1, True).indices
        x.sort()[0]
        x.sort(0)[0]
        x.sort(descending=True)[0]
        x.sort(descending=True)[1]
        x.sort(stable=True)[0]
        x.sort(stable=False)[0]
        x.sort(dim=0, stable=True, descending=True)[0]
        torch.sort(x, stable=True, dim=0)[0]
        x.T.sort()[0]
        x.T.sort(0)[0]
        x.T.sort(0)[0].reshape(12)
        x.sort(0)[0].T.reshape(12)
        f.sort()[0]
        i.sort()
        i.sort(descending=True)
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
    ),
    *group(
        """
        i.argsort()
        i.argsort(0)
        i.argsort(descending=True)
        i.argsort(dim=1, descending=True, stable=True)
        torch.argsort(x)
        torch.argsort(x, 0)
        torch.argsort(x, 0, True)
        torch.argsort(x, dim=0, stable=True)
        x.argsort(stable=True)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
    ),
    *group(
        """
        torch.msort(x)
        torch.msort(i)
        x.msort()
        torch.msort(z)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
    ),
    *group(
        """
        torch.sort(z)
        torch.sort(z, 0)[0]
        e.sort()
        e.sort()[0]
        e.sort(descending=True)[0]
        b.sort()
        """,
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
        z="normal()",
        b="bools(5)",
    ),
    *group(
        """
        b.argsort()
        """,
        b="bools(5)",
    ),
    *group(
        """
        u.sort()[0]
        u.sort()
        """,
        u=("float64", []),
    ),
    *group(
        """
        torch.topk(x, 2)
        torch.topk(x, 2)[0]
        torch.topk(x, 2).values
        torch.topk(x, 2).indices
        torch.topk(x, 2, 0)[0]
        torch.topk(x, 2, 0, False)[0]
        torch.topk(x, 2, dim=1, largest=False, sorted=False)[0]
        torch.topk(x, 3, largest=True, sorted=False)[0]
        torch.topk(x, k=3, sorted=False)[1]
        x.topk(1)[0]
        x.topk(0)[0]
        x.topk(4)[0]
        x.topk(3, dim=-2)[0]
        e.topk(2)
        e.topk(3)[0]
        e.topk(3, largest=False)[0]
        e.topk(3, largest=False)[1]
        e.topk(4, sorted=False)[1]
        i.topk(2)
        i.topk(2, 0)
        z.topk(1)[0]
        z.topk(0)[0]
        n.topk(2)[0]
        n.topk(2, largest=False)[0]
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.]],
    ),
    *group(
        """
        n.sort()[0]
        n.sort(descending=True)[0]
        n.sort()[1]
        n.sort(descending=True)[1]
        """,
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.]],
    ),
    *group(
        """
        f.topk(2)[0]
        """,
        f="normal(2, 3) float32",
    ),
    *group(
        """
        torch.kthvalue(x, 2)
        torch.kthvalue(x, 2)[0]
        torch.kthvalue(x, 2, 0)[0]
        torch.kthvalue(x, 2, 1, True)[0]
        torch.kthvalue(x, 2, dim=0, keepdim=True)[0]
        torch.kthvalue(x, k=2)[1]
        x.kthvalue(4).values
        e.kthvalue(2)
        e.kthvalue(2)[0]
        e.kthvalue(3)[0]
        i.kthvalue(2)
        i.kthvalue(1, 0)
        z.kthvalue(1)
        z.kthvalue(1)[0]
        n.kthvalue(3)[0]
        n.kthvalue(4)[0]
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.]],
    ),
    *group(
        """
        torch.mode(x)
        torch.mode(x)[0]
        torch.mode(e)[0]
        torch.mode(e, 0)[0]
        e.mode(1, True)[0]
        e.mode(dim=1, keepdim=True)[0]
        e.mode(keepdim=True)[1]
        i.mode()
        i.mode(0)
        b.mode()
        z.mode()
        z.mode()[0]
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
        z="normal()",
        b="bools(5)",
    ),
    *group(
        """
        torch.median(x)
        x.median()
        x.median(1)
        x.median(1)[0]
        x.median(0)[0]
        torch.median(x, 1, True)[0]
        torch.median(x, dim=0, keepdim=True)[0]
        torch.median(x, dim=0, keepdim=True).indices
        torch.median(x, -1).values
        e.median()
        e.median(1)[0]
        e.median(1)
        i.median()
        i.median(0)
        f.median()
        f.median(1)[0]
        z.median()
        z.median(0)[0]
        n.median()
        n.median(1)[0]
        n.median(1)
        n.median(0)
        u.median()
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.]],
        u=("float64", []),
    ),
    *group(
        """
        torch.nanmedian(x)
        x.nanmedian()
        x.nanmedian(1)[0]
        n.nanmedian()
        n.nanmedian(1)[0]
        n.nanmedian(1)
        n.nanmedian(0)
        n.nanmedian(dim=0, keepdim=True)[0]
        e.nanmedian()
        e.nanmedian(1)
        i.nanmedian()
        i.nanmedian(1)
        z.nanmedian()
        u.nanmedian()
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.]],
        u=("float64", []),
    ),
    *group(
        """
        m.sort(0)[0]
        """,
        m=("float64", [[1.0, 2.0, 3.0]]),
    ),
    *group(
        """
        m.topk(1, 0)[0]
        """,
        m=("float64", [[1.0, 2.0, 3.0]]),
    ),
    *group(
        """
        m.median(0)[0]
        """,
        m=("float64", [[1.0, 2.0, 3.0]]),
    ),
    *group(
        """
        m.T.topk(2, 0)[0].reshape(2)
        """,
        m=("float64", [[1.0, 2.0, 3.0]]),
    ),
    *group(
        """
        torch.mode(n)
        torch.mode(n)[0]
        torch.mode(n, 0)[1]
        torch.mode(n, dim=0, keepdim=True)[0]
        """,
        n=[[1.0, nan, 3.0, 1.0], [nan, 2.0, 2.0, nan], [2.0, nan, 1.0, nan], [nan, nan, 1.0, 1.0]],
    ),
    # Rows so long that the partitions behind topk, kthvalue and mode swap equal elements about.
    *group(
        """
        torch.topk(l, 5)[0]
        torch.topk(l, 5)[1]
        torch.topk(l, 20)[1]
        torch.topk(l, 20, largest=False)[1]
        torch.topk(l, 25, sorted=False)[0]
        torch.topk(l, 3, 0)[1]
        torch.topk(l, 3, 1, False, False)[0]
        torch.topk(m, 40)[1]
        torch.topk(m, 1)[1]
        torch.kthvalue(l, 7)[0]
        torch.kthvalue(l, 20)[1]
        torch.kthvalue(l, 3, 0)[1]
        torch.kthvalue(m, 50)[1]
        torch.mode(l)[0]
        torch.mode(l, 0)[1]
        torch.mode(m)[1]
        torch.median(l, 1)[0]
        torch.median(m, 0)[1]
        torch.sort(l, stable=True)[0]
        torch.sort(l, stable=True, descending=True)[1]
        torch.argsort(m, stable=True)
        """,
        l="ints(4, 40; 0..5) float64",
        m="ints(100; 0..9)",
    ),
]
