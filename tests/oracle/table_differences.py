"""Differences, gradients and integrals of samples; covariance and correlation."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        torch.diff(x)
        torch.diff(x, 2)
        torch.diff(x, n=3)
        torch.diff(x, n=5)
        torch.diff(x, 1, 0)
        torch.diff(x, dim=0)
        torch.diff(x, dim=-2, n=2)
        x.diff()
        x.diff(2, 0)
        torch.diff(x, prepend=p)
        torch.diff(x, append=p)
        torch.diff(x, dim=0, append=q)
        torch.diff(x, dim=0, append=q, prepend=q)
        torch.diff(x, 2, 0, q, q)
        torch.diff(x, prepend=p, append=p, n=2)
        torch.diff(x, n=0)
        torch.diff(x, 0, prepend=p)
        i.diff()
        i.diff(dim=0)
        b.diff()
        b.diff(2)
        u.diff()
        u.diff(n=2)
        v.diff()
        f.diff()
        o.diff()
        a.diff(prepend=torch.zeros(1))
        a.diff(prepend=torch.tensor([0]))
        x.T.diff()
        """,
        x="normal(3, 4)",
        p="normal(3, 1)",
        q="normal(1, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        b="bools(5)",
        u=("float64", []),
        v=("float64", [[], []]),
        o="normal(1)",
        a="normal(5)",
    ),
    *group(
        """
        torch.gradient(x)
        torch.gradient(x)[0]
        torch.gradient(x)[1]
        torch.gradient(a)
        torch.gradient(a)[0]
        torch.gradient(a, spacing=2.)[0]
        torch.gradient(a, spacing=2)[0]
        torch.gradient(a, spacing=0.5, edge_order=2)[0]
        torch.gradient(a, edge_order=2)[0]
        torch.gradient(x, spacing=2.)[1]
        torch.gradient(x, spacing=[2., 3.])[1]
        torch.gradient(x, spacing=[2., 3.])[0]
        torch.gradient(x, spacing=(2, 3))[0]
        torch.gradient(x, dim=1)[0]
        torch.gradient(x, dim=(1, ))[0]
        torch.gradient(x, dim=(1, 0))[0]
        torch.gradient(x, dim=[1, 0], spacing=[2., 3.])[0]
        torch.gradient(x, dim=-1, spacing=[2.])[0]
        torch.gradient(x, dim=-1, spacing=2.)[0]
        torch.gradient(x, dim=1, edge_order=2)[0]
        torch.gradient(x, dim=0, edge_order=2, spacing=0.1)[0]
        torch.gradient(x, spacing=[c], dim=1)[0]
        torch.gradient(x, spacing=(c, ), dim=1)[0]
        torch.gradient(x, spacing=(c, ), dim=1, edge_order=2)[0]
        torch.gradient(x, spacing=(d, c))[0]
        torch.gradient(x, spacing=(d, c))[1]
        torch.gradient(x, spacing=[d, c], edge_order=2)[0]
        torch.gradient(x.detach(), spacing=(d, c), edge_order=2)[1]
        torch.gradient(i)
        torch.gradient(i, dim=1)
        torch.gradient(i, dim=1, edge_order=2)
        torch.gradient(f)[1]
        torch.gradient(w)[2]
        torch.gradient(z)
        x.gradient()
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
        w="normal(2, 3, 2)",
        a="normal(5)",
        c=[0.0, 1.0, 3.0, 4.0],
        d=[1, 2, 4],
    ),
    *group(
        """
        torch.trapezoid(x)
        torch.trapezoid(x, dx=2)
        torch.trapezoid(x, dx=0.5)
        torch.trapezoid(x, dx=0.5, dim=0)
        torch.trapezoid(x, dim=0)
        torch.trapezoid(a)
        torch.trapezoid(a, a)
        torch.trapezoid(x, c)
        torch.trapezoid(x, d, dim=0)
        torch.trapezoid(x, x)
        torch.trapezoid(x, x, dim=0)
        torch.trapezoid(x, q)
        torch.trapezoid(w, w[0], dim=1)
        torch.trapezoid(i)
        torch.trapezoid(i, dx=2)
        torch.trapezoid(i, i)
        torch.trapezoid(f)
        torch.trapezoid(u)
        torch.trapezoid(v)
        torch.trapezoid(v, dim=0)
        torch.trapezoid(y=x, x=c)
        torch.trapezoid(o)
        """,
        x="normal(3, 4)",
        q="normal(1, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        u=("float64", []),
        v=("float64", [[], []]),
        w="normal(2, 3, 2)",
        o="normal(1)",
        a="normal(5)",
        c=[0.0, 1.0, 3.0, 4.0],
        d=[1, 2, 4],
    ),
    *group(
        """
        torch.trapz(x)
        torch.trapz(x, c)
        torch.trapz(x, dx=2)
        torch.trapz(x, dx=0.5, dim=0)
        torch.trapz(y=x, x=x, dim=1)
        """,
        x="normal(3, 4)",
        c=[0.0, 1.0, 3.0, 4.0],
    ),
    *group(
        """
        torch.cumulative_trapezoid(x)
        torch.cumulative_trapezoid(x, dx=2)
        torch.cumulative_trapezoid(x, dx=0.3, dim=0)
        torch.cumulative_trapezoid(x, c)
        torch.cumulative_trapezoid(x, x)
        torch.cumulative_trapezoid(x, d, dim=0)
        torch.cumulative_trapezoid(a, dim=0)
        torch.cumulative_trapezoid(i)
        torch.cumulative_trapezoid(i, i)
        torch.cumulative_trapezoid(o)
        torch.cumulative_trapezoid(u)
        torch.cumulative_trapezoid(w, w[0], dim=1)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        u=("float64", []),
        w="normal(2, 3, 2)",
        o="normal(1)",
        a="normal(5)",
        c=[0.0, 1.0, 3.0, 4.0],
        d=[1, 2, 4],
    ),
    *group(
        """
        torch.cov(x)
        torch.cov(x.T)
        torch.cov(a)
        torch.cov(z)
        torch.cov(x, correction=0)
        torch.cov(x, correction=2)
        torch.cov(x, correction=4)
        torch.cov(x, correction=5)
        torch.cov(x, fweights=j)
        torch.cov(x, fweights=j, correction=0)
        torch.cov(x, aweights=s)
        torch.cov(x, aweights=s, correction=0)
        torch.cov(x, aweights=s, fweights=j)
        torch.cov(x.detach(), aweights=s, fweights=j, correction=2)
        torch.cov(i)
        torch.cov(f)
        torch.cov(u)
        torch.cov(v)
        x.cov()
        x.cov(correction=0)
        x.cov(correction=-1)
        """,
        x="normal(3, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
        u=("float64", []),
        v=("float64", [[], []]),
        a="normal(5)",
        s="positive(4)",
        j=("int64", [2, 1, 3, 1]),
    ),
    *group(
        """
        torch.corrcoef(x)
        torch.corrcoef(a)
        torch.corrcoef(z)
        torch.corrcoef(i)
        torch.corrcoef(f)
        x.corrcoef()
        torch.corrcoef(x.T)
        torch.corrcoef(q)
        """,
        x="normal(3, 4)",
        q="normal(1, 4)",
        f="normal(2, 3) float32",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
        a="normal(5)",
    ),
    *group(
        """
        torch.gradient(x, spacing=(c, ), dim=1, edge_order=2)[0]
        torch.gradient(x.detach(), spacing=(d, c), edge_order=2)[1]
        torch.gradient(x, spacing=(g, c), edge_order=2)[0]
        torch.gradient(x, spacing=(g, c))[0]
        """,
        x="normal(3, 4)",
        c=[0.0, 1.0, 3.0, 4.0],
        d=[1, 2, 4],
        g=[0.0, 1.0, 1.5],
    ),
    *group(
        """
        torch.cov(x, aweights=s, correction=0)
        torch.cov(x, fweights=k)
        torch.cov(x, fweights=k, correction=0)
        torch.cov(x, aweights=s, correction=1)
        """,
        x="normal(3, 4)",
        s="positive(4)",
        k=("int64", [0, 1, 0, 0]),
    ),
]
