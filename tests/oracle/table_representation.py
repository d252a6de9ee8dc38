"""Signs, exponents, bits, divisors, and complex numbers' functions of real ones."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_SPECIAL = [float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1.5, -2.0]

CASES: list[Case] = [
    *each(
        """
        torch.{f}(x)
        x.{f}()
        {f}(x).sum()
        {f}(x.T)
        {f}(s)
        {f}(f)
        {f}(e)
        {f}(i)
        {f}(b)
        """,
        "nan_to_num sgn angle",
        x="normal(2, 3)",
        s="normal()",
        f="normal(3) float32",
        e="normal(0)",
        i="ints(3; -2..2)",
        b="bools(3)",
    ),
    *each(
        """
        torch.{f}(x)
        x.{f}()
        {f}(s)
        {f}(f)
        {f}(e)
        {f}(i)
        {f}(b)
        """,
        "signbit isposinf isneginf isreal",
        x="normal(2, 3)",
        s="normal()",
        f="normal(3) float32",
        e="normal(0)",
        i="ints(3; -2..2)",
        b="bools(3)",
    ),
    *each("{f}(x)", "nan_to_num sgn angle signbit isposinf isneginf isreal", x=_SPECIAL),
    *each(
        """
        torch.{f}(x) * 2
        {f}(x).sum()
        {f}(i)
        """,
        "real conj conj_physical resolve_conj resolve_neg",
        x="normal(2, 3)",
        i="ints(3; -2..2)",
    ),
    *group("x.real * 2\nx.conj() * 2\nx.resolve_neg() * 2", x="normal(2)"),
    *group(
        """
        nan_to_num(x, 2.0)
        nan_to_num(x, nan=nan)
        nan_to_num(x, posinf=1, neginf=-1)
        x.nan_to_num(0.5, 1.0, -1.0)
        torch.nan_to_num(input=x, nan=None, posinf=None, neginf=3.0)
        nan_to_num(x.float())
        """,
        x=_SPECIAL,
    ),
    *group(
        """
        torch.copysign(x, y)
        x.copysign(y)
        torch.copysign(x, -1)
        torch.copysign(input=x, other=2.0)
        x.copysign(other=s)
        copysign(x, s).sum()
        copysign(f, -1)
        copysign(f, x)
        copysign(f, s)
        copysign(x, i)
        copysign(i, x)
        copysign(i, i)
        copysign(i, -2)
        copysign(b, -2)
        copysign(e, e)
        """,
        x="normal(2, 3)",
        y="normal(3)",
        s="normal()",
        f="normal(3) float32",
        i="ints(3; -2..2)",
        b="bools(3)",
        e="normal(0)",
    ),
    *group("copysign(x, -0.0)\ncopysign(x, x)\ncopysign(x, -x)", x=_SPECIAL),
    *group(
        """
        torch.heaviside(x.detach(), y.detach())
        torch.heaviside(x, y)
        torch.heaviside(i, j)
        i.heaviside(values=j)
        torch.heaviside(input=b, values=b)
        """,
        x="normal(2, 3)",
        y="normal(3)",
        i="ints(2, 3; -1..1)",
        j="ints(3; 1..5)",
        b="bools(3)",
    ),
    *group("heaviside(x.detach(), tensor(0.5))", x=_SPECIAL),
    *group(
        """
        torch.frexp(x)
        torch.frexp(x)[0]
        torch.frexp(x)[1]
        torch.frexp(x).mantissa
        x.frexp().exponent
        torch.frexp(x).mantissa.sum()
        frexp(f)[0]
        frexp(f)[1]
        frexp(s)[0]
        frexp(e)[0]
        """,
        x="normal(2, 3)",
        f="normal(3) float32",
        s="normal()",
        e="normal(0)",
    ),
    *group("frexp(x)[1]", x=_SPECIAL),
    *each(
        """
        torch.{f}(i, j)
        i.{f}(j)
        torch.{f}(input=i, other=j)
        {f}(i, i)
        {f}(i, j[0])
        {f}(k, j)
        {f}(k, k)
        {f}(u, u)
        {f}(u, k)
        {f}(i[:0], j[:1])
        """,
        "gcd lcm bitwise_left_shift bitwise_right_shift",
        i="ints(2, 3; -9..9)",
        j="ints(3; 1..5)",
        k="ints(3; 1..5) int32",
        u="ints(3; 1..5) uint8",
    ),
    *each(
        """
        {f}(i, 2)
        {f}(i, 64)
        {f}(i, -1)
        {f}(2, k)
        {f}(u, 8)
        {f}(k, 31)
        i.{f}(other=True)
        """,
        "bitwise_left_shift bitwise_right_shift",
        i="ints(2, 3; -9..9)",
        k="ints(3; 1..5) int32",
        u="ints(3; 1..5) uint8",
    ),
    *group(
        """
        torch.fill(x, 2)
        torch.fill(x, s)
        torch.fill(x, s).sum()
        torch.fill(input=x, value=0.5)
        fill(x, 2) * x
        fill(f, s)
        fill(x, i[0])
        fill(i, 2.7)
        fill(i, -2.7)
        fill(b, 2)
        fill(e, 1)
        """,
        x="normal(2, 3)",
        f="normal(3) float32",
        s="normal()",
        i="ints(3; -2..2)",
        b="bools(3)",
        e="normal(0)",
    ),
    *group(
        """
        special.round(x)
        torch.special.round(x, decimals=1)
        special.round(input=100 * x, decimals=-1)
        special.round(x, decimals=0)
        """,
        x="normal(2, 3)",
    ),
]
