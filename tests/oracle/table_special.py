"""Special functions: error functions, the gamma function's family, the normal distribution.

PyTorch's polygamma of order 1 is exact to ten digits only, so that cases whose derivatives would
magnify that are left out.
"""

from __future__ import annotations

from tests.oracle.cases import Case, each, group, without_second

_INF, _NAN = float("inf"), float("nan")
_UNARY = (
    "lgamma digamma special.gammaln special.psi erfinv special.erfcx special.log_ndtr special.ndtr"
    " special.ndtri special.entr sinc special.sinc logit special.logit"
)
_REFINED = "special.expit special.exp2 special.expm1 special.log1p special.erf special.erfc"

CASES: list[Case] = [
    *each(
        """
        torch.{f}(x)
        {f}(x / 2).sum() * 2
        {f}(x.T)
        {f}(-x)
        {f}(s)
        {f}(input=z)
        {f}(f[:, ::2])
        {f}(i)
        """,
        _UNARY,
        x="unit(2, 3)",
        s="unit()",
        z="normal(0, 3)",
        f="unit(2, 4) float32",
        i="ints(3; 1..4)",
    ),
    *each(
        """
        {f}(m)
        {f}(x * 3 - 1)
        {f}(small)
        """,
        "lgamma digamma erfinv special.erfcx special.log_ndtr special.ndtr special.entr sinc",
        x="unit(2, 3)",
        m="bools(3)",
        small=[1e-3, -1e-3, 0.9, 0.999],
    ),
    *each("torch.{f}(x)", _REFINED, x="positive(3)"),
    *each(
        """
        x.{f}()
        (f / 2 + 0.5).{f}()
        """,
        "lgamma digamma erfinv sinc logit",
        x="unit(3)",
        f="unit(3) float32",
    ),
    *without_second(
        each(
            "{f}(v)",
            "lgamma erfinv special.erfcx special.ndtr special.ndtri special.entr sinc logit",
            v=[0.0, -0.0, 1.0, 0.5, 2.5, _INF, _NAN],
        )
    ),
    *group("digamma(v)", v=[0.0, -0.0, _NAN]),
    *group("digamma(v) * 2", v=("float32", [0.5, 1.0, -2.5, 30.0])),
    *each(
        "torch.special.{f}(v)", ["log_ndtr", "erfcx"], v=[-20.0, -5.0, -1.0, 1.0, 5.0, 20.0, 30.0]
    ),
    *each("torch.special.{f}(v)", ["ndtri"], v=[1e-20, 1e-3, 0.04, 0.05, 0.5, 0.95, 0.999]),
    # Functions with parameters.
    *each(
        """
        torch.polygamma({f}, x)
        x.polygamma({f})
        special.polygamma(n={f}, input=f)
        polygamma({f}, x - 4).sum()
        mvlgamma(x + 2, {f} + 1)
        (f + 2).mvlgamma(p={f} + 1)
        torch.special.multigammaln(i + 2, {f} + 1)
        logit(x / 4, {f} / 10)
        (x / 4).logit(eps={f} / 10)
        special.logit(f / 4, {f} / 10)
        """,
        "0 2 3",
        x="positive(2, 3)",
        f="positive(3) float32",
        i="ints(3; 1..3)",
    ),
    *group(
        """
        torch.polygamma(1, x)
        x.polygamma(n=1)
        polygamma(1, i)
        logit(x, eps=None)
        special.logit(i, 0.25)
        logit(v, 0.3)
        special.round(x)
        special.round(f, decimals=1)
        """,
        x="unit(2, 3)",
        f="positive(3) float32",
        i="ints(3; 1..3)",
        v=[-0.1, 0.0, 0.2, 0.3, 0.5, 0.8, 1.0, 1.5],
    ),
    # Functions of two operands.
    *each(
        """
        torch.{f}(x, y)
        {f}(x, row)
        {f}(row, x)
        {f}(x, 2)
        {f}(x, other=2.5)
        {f}(2, x)
        {f}(0, x)
        {f}(self=2.5, other=x)
        {f}(x, s)
        {f}(s, x)
        {f}(x, f)
        {f}(f, 2)
        {f}(i, x)
        {f}(x, i)
        {f}(i, 2)
        {f}(2, i)
        {f}(i, i)
        {f}(m, x)
        {f}(x, x)
        {f}(input=x.T, other=y.T).sum()
        {f}(x.detach(), y)
        {f}(x, y.detach())
        {f}(tensor(2), x)
        {f}(z, x)
        """,
        "xlogy special.xlog1py",
        x="positive(2, 3)",
        y="positive(2, 3)",
        row="positive(3)",
        s="positive()",
        f="positive(2, 3) float32",
        i="ints(3; 1..3)",
        m="bools(3)",
        z="normal(0, 2, 3)",
    ),
    *group("x.xlogy(y)", x="positive(3)", y="positive(3)"),
    *group("x.xlogy(2)", x="positive(3)"),
    *without_second(
        each(
            """
            {f}(a, b)
            {f}(a, b)[2]
            """,
            "xlogy special.xlog1py",
            a=[0.0, 0.0, 1.0, 0.0, 2.0, _NAN, 0.0, 0.0, 1.0],
            b=[0.0, 1.0, 0.0, -1.0, _INF, 1.0, _NAN, -3.0, -1.0],
        )
    ),
    # Of zeta PyTorch has no derivative for the first operand.
    *each(
        """
        special.zeta({f}, y)
        torch.special.zeta({f}, y).sum()
        special.zeta({f}, other=row)
        """,
        ["2", "2.5", "x.detach()", "i", "s.detach()"],
        x="above(2, 3)",
        y="positive(2, 3)",
        row="positive(3)",
        s="above()",
        i="ints(3; 2..4)",
    ),
    *group(
        """
        special.zeta(x, 2)
        special.zeta(x, y)
        special.zeta(i, 2)
        special.zeta(3, i)
        special.zeta(i, f)
        special.zeta(a.detach(), b.detach())
        """,
        x="above(3)",
        y="positive(3)",
        f="positive(3) float32",
        i="ints(3; 2..4)",
        a=[0.5, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, -1.0, 2.5, _NAN],
        b=[1.0, 1.0, -1.0, 0.0, -1.0, -1.5, -2.25, 2.0, -0.5, 1.0],
    ),
]
