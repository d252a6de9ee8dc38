"""Elementary functions of one tensor, on their whole domain and at its ends, and `atan2`."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_EVERYWHERE = (
    "abs sign square exp exp2 expm1 sin cos tan atan sinh cosh tanh asinh erf floor ceil round"
    " trunc"
)
_POSITIVE = "sqrt rsqrt reciprocal log log2 log10 log1p"
_UNIT = "asin acos atanh"
_FORMS = """
{f}(x)
torch.{f}(x)
x.{f}()
np.{f}(x)
2 * {f}(x / 2)
{f}(x).sum()
{f}(-x)
{f}({f}(x))
"""


def _on_shapes(names: str, kind: str) -> list[Case]:
    sizes = ("()", "(0)", "(0, 3)", "(3, 0)", "(2, 1, 3)", "(3) float32", "(2, 2) float32")
    return [case for size in sizes for case in each("{f}(x)", names, x=kind + size)]


CASES: list[Case] = [
    *each(_FORMS, _EVERYWHERE, x="normal(2, 3)"),
    *each(_FORMS.replace("{f}(-x)", "{f}(1 / x)"), _POSITIVE, x="positive(2, 3)"),
    *each(_FORMS.replace("{f}({f}(x))", "{f}({f}(x) / 4)"), _UNIT, x="unit(2, 3)"),
    *each(
        """
        acosh(x)
        x.acosh()
        acosh(x + 1)
        acosh(2 * x).sum()
        """,
        [""],
        x="above(2, 3)",
    ),
    *_on_shapes(_EVERYWHERE, "normal"),
    *_on_shapes(_POSITIVE, "positive"),
    *_on_shapes(_UNIT, "unit"),
    *_on_shapes("acosh", "above"),
    *each("{f}(x)", _EVERYWHERE, x=[-2.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.5]),
    *each("{f}(x)", _POSITIVE, x=[1e-8, 0.5, 1.0, 4.0, 1e8]),
    *each("{f}(x)", _UNIT + " asinh sin tan log1p expm1", x=[-1e-9, 1e-9, 0.999999, -0.999999]),
    *each("{f}(x)", "exp expm1 sinh cosh tanh erf exp2", x=[-40.0, -5.0, 5.0, 40.0]),
    *each(
        """
        {f}(x.T)
        {f}(x[0])
        {f}(x)[0, 1]
        {f}(x[:, ::2])
        """,
        "exp abs sqrt sin tanh",
        x="positive(2, 3)",
    ),
    *group(
        """
        round(x, decimals=1)
        torch.round(x, decimals=2)
        x.round(decimals=1)
        round(x, decimals=0)
        round(x * 100, decimals=-1)
        round(x)
        x.round()
        np.round(x)
        """,
        x=[-1.25, -0.35, 0.5, 1.5, 2.5, 0.444, 1.005],
    ),
    *group(
        """
        atan2(x, y)
        torch.atan2(x, y)
        x.atan2(y)
        atan2(x, row)
        atan2(row, x)
        atan2(x, s)
        atan2(s, x)
        atan2(x, x)
        atan2(x, y).sum()
        2 * atan2(y, x)
        atan2(x, ones(2, 3))
        atan2(ones(2, 3), x)
        atan2(x, [1.0, 2.0, 3.0])
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        row="normal(3)",
        s="normal()",
    ),
    *group("atan2(x, y)", x="normal(0, 3)", y="normal(3)"),
    *group("atan2(x, y)", x="normal()", y="normal()"),
    *group("atan2(x, y)", x=[1.0, -1.0, 1.0, -1.0, 0.0, 2.0], y=[1.0, 1.0, -1.0, -1.0, 2.0, 0.0]),
    *group(
        """
        sin(x)^2 + cos(x)^2
        exp(log(x))
        log(exp(x))
        sqrt(x^2)
        sqrt(x)^2
        x^0.5 - sqrt(x)
        tan(x) - sin(x) / cos(x)
        tanh(x) - (exp(x) - exp(-x)) / (exp(x) + exp(-x))
        exp(-x^2 / 2) / (2 * pi)^0.5
        log(x) / log(tensor(2.0))
        log1p(expm1(x))
        1 / sqrt(x) - rsqrt(x)
        abs(x) * sign(x)
        floor(x) + x % 1
        exp(sin(x) * cos(x))
        log(1 + exp(x))
        sqrt(1 + x^2)
        exp2(log2(x))
        square(x) - x^2
        sinh(x) / cosh(x)
        acosh(cosh(x))
        """,
        x="positive(2, 2)",
    ),
]
