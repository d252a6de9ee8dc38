"""Running extremes, sums without NaN, and functions that give two results of one reduction."""

from __future__ import annotations

from math import inf, nan

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        torch.nansum(x)
        x.nansum()
        x.nansum(1)
        x.nansum((0, 1))
        x.nansum(dim=(0, 1), keepdim=True)
        x.nansum(1, True)
        x.nansum(dim=-1, dtype=torch.float32)
        n.nansum()
        n.nansum(0)
        n.nansum(1, keepdim=True)
        i.nansum()
        i.nansum(1)
        b.nansum()
        f.nansum(0)
        z.nansum()
        z.nansum(0)
        u.nansum()
        v.nansum(1)
        i.nansum(dtype=torch.float64)
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [inf, 1.0, -inf, 2]],
        b="bools(5)",
        u=("float64", []),
        v=("float64", [[], []]),
    ),
    *group(
        """
        torch.nanmean(x)
        n.nanmean()
        n.nanmean(1)
        x.nanmean(1)
        x.nanmean(1, True)
        x.nanmean((0, 1), keepdim=True)
        x.nanmean(dim=1, dtype=torch.float32)
        f.nanmean(0)
        f.nanmean()
        z.nanmean()
        u.nanmean()
        v.nanmean(1)
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [inf, 1.0, -inf, 2]],
        u=("float64", []),
        v=("float64", [[], []]),
    ),
    *group(
        """
        torch.count_nonzero(x)
        torch.count_nonzero(x, 0)
        torch.count_nonzero(x, (0, 1))
        torch.count_nonzero(x, dim=-1)
        x.count_nonzero()
        x.count_nonzero(dim=1)
        i.count_nonzero(1)
        b.count_nonzero()
        z.count_nonzero()
        z.count_nonzero(0)
        u.count_nonzero()
        v.count_nonzero(1)
        n.count_nonzero(0)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [inf, 1.0, -inf, 2]],
        b="bools(5)",
        u=("float64", []),
        v=("float64", [[], []]),
    ),
    *group(
        """
        torch.cummax(x, 0)
        torch.cummax(x, 0)[0]
        torch.cummax(x, dim=1).values
        torch.cummax(x, -1).indices
        """,
        x="normal(3, 4)",
    ),
    *group(
        """
        torch.cummin(x, 0)
        torch.cummin(x, 0)[0]
        x.cummin(1)[0]
        """,
        x="normal(3, 4)",
    ),
    *group(
        """
        x.cummax(1)[0]
        e.cummax(1)
        e.cummax(1)[0]
        """,
        x="normal(3, 4)",
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
    ),
    *group(
        """
        e.cummin(1)
        e.cummin(0)[0]
        """,
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
    ),
    *group(
        """
        i.cummax(1)
        """,
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
    ),
    *group(
        """
        i.cummin(0)
        """,
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
    ),
    *group(
        """
        n.cummax(1)
        n.cummax(1)[0]
        """,
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [inf, 1.0, -inf, 2]],
    ),
    *group(
        """
        n.cummin(0)
        """,
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [inf, 1.0, -inf, 2]],
    ),
    *group(
        """
        b.cummax(0)
        z.cummax(0)
        z.cummax(0)[0]
        u.cummax(0)
        """,
        z="normal()",
        b="bools(5)",
        u=("float64", []),
    ),
    *group(
        """
        v.cummin(1)
        v.cummin(0)[0]
        f.cummin(1)[0]
        """,
        f="normal(2, 3) float32",
        v=("float64", [[], []]),
    ),
    *group(
        """
        torch.logcumsumexp(x, 0)
        torch.logcumsumexp(x, 1)
        torch.logcumsumexp(x, dim=-1)
        x.logcumsumexp(0)
        x.logcumsumexp(dim=1)
        f.logcumsumexp(1)
        z.logcumsumexp(0)
        u.logcumsumexp(0)
        n.logcumsumexp(1)
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [inf, 1.0, -inf, 2]],
        u=("float64", []),
    ),
    *group(
        """
        torch.aminmax(x)
        torch.aminmax(x)[0]
        torch.aminmax(x).max
        torch.aminmax(x, dim=0)
        torch.aminmax(x, dim=0)[1]
        torch.aminmax(x, dim=1, keepdim=True).min
        torch.aminmax(x, keepdim=True)
        torch.aminmax(x, keepdim=True)[0]
        x.aminmax()
        x.aminmax(dim=-1)[0]
        y=x.aminmax(dim=0); y.min+y.max
        e.aminmax(dim=1)[0]
        e.aminmax()[0]
        i.aminmax()
        i.aminmax(dim=0)
        b.aminmax()
        n.aminmax()
        n.aminmax(dim=1)
        n.aminmax(dim=0)[0]
        z.aminmax()
        z.aminmax(dim=0)
        z.aminmax(dim=0, keepdim=True)[0]
        v.aminmax(dim=0)
        f.aminmax(dim=1)[1]
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
        z="normal()",
        n=[[1., nan, 3., 2.], [nan, nan, 0., 1.], [inf, 1.0, -inf, 2]],
        b="bools(5)",
        v=("float64", [[], []]),
    ),
    *group(
        """
        torch.var_mean(x)
        torch.var_mean(x)[0]
        torch.var_mean(x)[1]
        torch.var_mean(x, 0)
        torch.var_mean(x, 0)[0]
        torch.var_mean(x, 1)[1]
        torch.var_mean(x, False)
        torch.var_mean(x, unbiased=False)[0]
        torch.var_mean(x, 1, False)[0]
        torch.var_mean(x, 1, False, True)[0]
        torch.var_mean(x, (0, 1))[0]
        torch.var_mean(x, dim=(0, 1), correction=0)[0]
        torch.var_mean(x, dim=1, correction=2, keepdim=True)[0]
        torch.var_mean(x, dim=None, keepdim=True)[1]
        torch.var_mean(x, dim=1, unbiased=True, keepdim=True)[0]
        torch.var_mean(x, correction=0)[0]
        torch.var_mean(x, keepdim=True)
        torch.var_mean(w, (0, 2))[0]
        torch.var_mean(w, -1)[1]
        y=torch.var_mean(x, 1); y[0]*y[1]
        """,
        x="normal(3, 4)",
        w="normal(2, 3, 2)",
    ),
    *group(
        """
        torch.std_mean(x)
        torch.std_mean(x)[0]
        torch.std_mean(x)[1]
        torch.std_mean(x, 0)[0]
        torch.std_mean(x, 1)[1]
        torch.std_mean(x, False)[0]
        torch.std_mean(x, 1, False, True)[0]
        torch.std_mean(x, dim=(0, 1), correction=0)[0]
        torch.std_mean(x, dim=1, correction=2, keepdim=True)[0]
        torch.std_mean(w, (0, 2), keepdim=True)[0]
        y=torch.std_mean(x, 1); y[0]*y[1]
        torch.std_mean(f, 1)[0]
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        w="normal(2, 3, 2)",
    ),
    *group(
        """
        torch.var_mean(f)
        """,
        f="normal(2, 3) float32",
    ),
    *group(
        """
        torch.std_mean(z)
        """,
        z="normal()",
    ),
    *group(
        """
        torch.var_mean(o)
        torch.var_mean(o)[0]
        """,
        o="normal(1)",
    ),
    *group(
        """
        torch.std_mean(o)[0]
        """,
        o="normal(1)",
    ),
    *group(
        """
        torch.var_mean(u)
        """,
        u=("float64", []),
    ),
    *group(
        """
        torch.std_mean(e*0, 1)[0]
        """,
        e=[[1., 1., 2., 2., 1.], [3., 2., 3., 3., 1.]],
    ),
    *group(
        """
        x.var_mean()
        """,
        x="normal(3, 4)",
    ),
]
