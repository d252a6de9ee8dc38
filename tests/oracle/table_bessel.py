"""Bessel functions, Airy's, orthogonal polynomials, and the incomplete gamma functions.

PyTorch's J and Y are exact to eight digits between 4 and some 20, and its Ai to six below -2, so
that no case has its operands there.
"""

from __future__ import annotations

from tests.oracle.cases import Case, each, group, without_second

_INF, _NAN = float("inf"), float("nan")
_DIFFERENTIABLE = "i0 special.i0 special.i0e special.i1 special.i1e"
_PLAIN = (
    "special.modified_bessel_i0 special.modified_bessel_i1 special.modified_bessel_k0"
    " special.modified_bessel_k1 special.scaled_modified_bessel_k0"
    " special.scaled_modified_bessel_k1 special.bessel_j0 special.bessel_j1 special.bessel_y0"
    " special.bessel_y1 special.spherical_bessel_j0 special.airy_ai"
)
_CHEBYSHEV = [
    f"special.{shifted}chebyshev_polynomial_{kind}"
    for shifted in ("", "shifted_")
    for kind in "tuvw"
]
_POLYNOMIALS = [
    *_CHEBYSHEV,
    "special.hermite_polynomial_h",
    "special.hermite_polynomial_he",
    "special.laguerre_polynomial_l",
    "special.legendre_polynomial_p",
]

CASES: list[Case] = [
    *each(
        """
        torch.{f}(x)
        {f}(x)
        {f}(9 * x).sum()
        {f}(x.T)
        {f}(s)
        {f}(z)
        {f}(f[:, ::2])
        {f}(i)
        {f}(m)
        {f}(small)
        """,
        _DIFFERENTIABLE,
        x="normal(2, 3)",
        s="unit()",
        z="normal(0, 3)",
        f="unit(2, 4) float32",
        i="ints(3; -4..4)",
        m="bools(3)",
        small=[0.0, -0.0, 1e-3, -0.49, 0.51],
    ),
    *without_second(each("{f}(v)", _DIFFERENTIABLE, v=[8.0, -8.0, 30.0, -100.0, 700.0])),
    *group("x.i0()", x="normal(3)"),
    *each(
        """
        torch.{f}(x)
        {f}(x) * x
        {f}(x).sum()
        {f}(x.T)
        {f}(s)
        {f}(z)
        {f}(f)
        {f}(i)
        {f}(m)
        {f}(v)
        """,
        _PLAIN,
        x="positive(2, 3)",
        s="unit()",
        z="normal(0, 3)",
        f="positive(3) float32",
        i="ints(3; 0..4)",
        m="bools(3)",
        v=[0.0, -0.0, 1e-9, 0.5, 1.0, 2.5, _NAN, -1.0],
    ),
    # Polynomials.
    *each(
        """
        torch.{f}(x, 4)
        {f}(x, n)
        {f}(x, n=n)
        {f}(x, -1)
        {f}(x, 2.9)
        {f}(x, 20)
        {f}(x / 3, 100)
        {f}(f, n)
        {f}(0.5, n)
        {f}(i, 3)
        {f}(m, 2)
        {f}(x[:, None], n) * x[:, None]
        {f}(z, 3)
        {f}(v, 4)
        {f}(v, 5)
        {f}(v, 0)
        {f}(v, 80)
        {f}(v, 81)
        """,
        _POLYNOMIALS,
        x="normal(2, 3)",
        f="unit(2, 3) float32",
        n="ints(3; 0..7)",
        i="ints(3; 0..3)",
        m="bools(3)",
        z="normal(0, 3)",
        v=[0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0],
    ),
    # Incomplete gamma functions: there is no derivative for the first operand.
    *each(
        """
        torch.{f}(a, x)
        {f}(a.detach(), x)
        {f}(input=row.detach(), other=x).sum()
        {f}(a.detach(), row)
        {f}(tensor(2.5), x)
        {f}(s.detach(), x)
        {f}(i, x)
        {f}(f.detach(), f)
        {f}(a.detach(), f)
        {f}(a.detach(), i)
        {f}(z.detach(), x)
        {f}(9 * a.detach(), 10 * x)
        {f}(a.detach() / 30, x)
        {f}(30 * a.detach(), x)
        {f}(a.detach(), 30 * x)
        {f}(300 * a.detach(), 300 * a.detach() + 9 * x)
        {f}(p.detach(), q.detach())
        """,
        "igamma igammac special.gammainc special.gammaincc",
        a="positive(2, 3)",
        x="positive(2, 3)",
        row="positive(3)",
        s="positive()",
        i="ints(3; 1..4)",
        f="positive(2, 3) float32",
        z="normal(0, 2, 3)",
        p=[0.0, 0.0, 1.0, 2.5, _INF, 2.5, _INF, -1.0, 1.0],
        q=[0.0, 1.0, 0.0, _INF, 1.0, 0.0, _INF, 1.0, -1.0],
    ),
    *group("a.detach().igamma(x) * a.detach().igammac(x)", a="positive(3)", x="positive(3)"),
]
