"""Reductions over every form of `dim`, running sums and products."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_ONE_DIM = """
{f}(x, 0)
{f}(x, 1)
{f}(x, -1)
{f}(x, dim=-2)
{f}(x, dim=1)
{f}(x, 1, keepdim=True)
{f}(x, dim=0, keepdim=True)
{f}(x, axis=1)
{f}(x, axis=0, keepdims=True)
"""
_MANY_DIMS = """
{f}(x, (0, 1))
{f}(x, dim=(0, 1))
{f}(x, (1,))
{f}(x, [0])
{f}(x, dim=(-1, 0), keepdim=True)
{f}(x, dim=None)
{f}(x, dim=None, keepdim=True)
{f}(x, axis=(0, 1), keepdims=True)
"""
_FORMS = "x.{f}()\ntorch.{f}(x)\n{f}(x)\nnp.{f}(x)\nx.{f}(1)\n2 * {f}(x)\n{f}(x * x)\n{f}(x[0])"
_VALUES = """
{f}(x, 0)[0]
{f}(x, 1)[0]
x.{f}(-1)[0]
{f}(x, dim=1).values
x.{f}(dim=0).values
torch.{f}(x, dim=1, keepdim=True).values
{f}(x, 1, True)[0]
{f}(x, axis=1, keepdims=True)[0]
{f}(x, 1)[1]
{f}(x, dim=0).indices
{f}(x, dim=1, keepdim=True).indices
{f}(x, 1).values.sum()
x - {f}(x, 1, keepdim=True).values
"""
_LONG = "normal(2, 3, 2)"

CASES: list[Case] = [
    # Shapes: a matrix in full, then rank 3, 0-d, one element, empty.
    *each(_FORMS + _ONE_DIM + _MANY_DIMS, "sum mean amax amin var std", x="normal(2, 3)"),
    # Not var and std: PyTorch's gradient for `dim=()` divides by zero there.
    *each("{f}(x, dim=())", "sum mean amax amin", x="normal(2, 3)"),
    *each(_FORMS + _ONE_DIM, "prod", x="normal(2, 3)"),
    *each(
        "x.{f}()\ntorch.{f}(x)\nnp.{f}(x)\n2 * {f}(x)\n{f}(x * x)\n{f}(x[0])\n" + _VALUES,
        "max min",
        x="normal(2, 3)",
    ),
    # Values and indices together are a tuple.
    *each(
        """
        {f}(x, 1)
        x.{f}(0, keepdim=True)
        """,
        "max min",
        x="normal(2, 3)",
    ),
    *each(
        """
        x.{f}()
        torch.{f}(x)
        np.{f}(x)
        {f}(x, 0)
        {f}(x, 1)
        {f}(x, dim=-1)
        {f}(x, dim=1, keepdim=True)
        {f}(x, keepdim=True)
        {f}(x, dim=None)
        {f}(x, axis=0, keepdims=True)
        """,
        "argmax argmin",
        x="normal(2, 3)",
    ),
    *each(
        """
        x[0][{f}(x[0])]
        x[{f}(x[:, 0])]
        {f}(x, 1) * x[:, 0]
        """,
        "argmax argmin",
        x="normal(2, 3)",
    ),
    *each(
        """
        {f}(x, 1)
        {f}(x, (0, 2))
        {f}(x, (0, -1), keepdim=True)
        {f}(x, (2, 0, 1))
        {f}(x)
        {f}(x.mT, 2)
        """,
        "sum mean amax amin var std",
        x=_LONG,
    ),
    *each(
        """
        {f}(x, 1)
        {f}(x, 2, keepdim=True)
        {f}(x)
        {f}(x.mT, 2)
        """,
        "prod",
        x=_LONG,
    ),
    *each(
        """
        {f}(x, 1)[0]
        {f}(x, -1, True)[0]
        {f}(x)
        {f}(x.mT, 2)[0]
        """,
        "max min",
        x=_LONG,
    ),
    *each(
        """
        {f}(x, 1)
        {f}(x, 2, True)
        {f}(x)
        """,
        "argmax argmin",
        x=_LONG,
    ),
    *each(
        """
        {f}(x)
        {f}(x, 0)
        {f}(x, -1)
        {f}(x, 0, keepdim=True)
        """,
        "sum mean prod amax amin",
        x="normal()",
    ),
    *each(
        """
        {f}(x)
        {f}(x, 0)[0]
        {f}(x, -1)[1]
        """,
        "max min",
        x="normal()",
    ),
    *each(
        """
        {f}(x)
        {f}(x, 0)
        """,
        "argmax argmin",
        x="normal()",
    ),
    *each(
        """
        {f}(x)
        {f}(x, 0)
        {f}(x, 0, keepdim=True)
        """,
        "sum mean prod amax amin",
        x="normal(1)",
    ),
    *each(
        """
        {f}(x)
        {f}(x, correction=0)
        {f}(x, 0)
        """,
        "var std",
        x="normal(1)",
    ),
    *each(
        """
        {f}(x)
        {f}(x, correction=0)
        {f}(x, 0)
        """,
        "var std",
        x="normal()",
    ),
    *each(
        """
        {f}(x)
        {f}(x, 0)
        {f}(x, 1)
        {f}(x, 1, keepdim=True)
        """,
        "sum mean prod",
        x="normal(0, 3)",
    ),
    *each(
        """
        {f}(x)
        {f}(x, 0)
        {f}(x, 1)
        """,
        "var std",
        x="normal(0, 3)",
    ),
    *each(
        """
        {f}(x, 1)
        {f}(x, 1, keepdim=True)
        """,
        "amax amin argmax argmin",
        x="normal(0, 3)",
    ),
    *each(
        """
        {f}(x, 1)[0]
        {f}(x, 1)[1]
        """,
        "max min",
        x="normal(0, 3)",
    ),
    *each(
        """
        {f}(x)
        {f}(x, 0)
        """,
        "sum mean prod",
        x="normal(0)",
    ),
    *each(
        """
        {f}(x, 0)
        {f}(x, 1)
        """,
        "sum mean prod",
        x="normal(3, 0)",
    ),
    *each(
        """
        {f}(x)
        {f}(x, 1)
        """,
        "sum mean prod var std amax",
        x="normal(2, 3) float32",
    ),
    # Arguments of their own.
    *group(
        """
        x.sum(0).sum(0)
        x.sum().mean()
        x.mean(0).mean()
        x.mean(1).sum()
        sum(x, dtype=float32)
        x.sum(1, dtype=torch.float32)
        x.sum(dtype=torch.float64)
        x.mean(dtype=float32)
        x.mean(0, dtype=float32)
        x.prod(dtype=float32)
        x.prod(1, dtype=float32)
        x.cumsum(0, dtype=float32)
        x.cumprod(1, dtype=float32)
        torch.sum(input=x, dim=1)
        x - x.mean()
        x - x.mean(0)
        x - x.mean(1, keepdim=True)
        x / x.sum(1, keepdim=True)
        (x - x.mean(0)) / x.std(0)
        x.sum() * x
        x.amax(1, keepdim=True) - x
        (x == x.amax()) * x
        """,
        x="normal(2, 3)",
    ),
    *each(
        """
        {f}(x, unbiased=False)
        {f}(x, unbiased=True)
        {f}(x, 1, False)
        {f}(x, 0, True)
        {f}(x, 1, unbiased=False, keepdim=True)
        {f}(x, (0, 1), unbiased=False)
        {f}(x, correction=0)
        {f}(x, correction=1)
        {f}(x, 1, correction=2)
        {f}(x, dim=0, correction=0, keepdim=True)
        {f}(x, (0, 1), correction=3)
        x.{f}(False)
        x.{f}(1, correction=0)
        x.{f}(0, False, True)
        torch.{f}(x, dim=None, correction=0)
        """,
        "var std",
        x="normal(3, 4)",
    ),
    *each(
        """
        {f}(x, 0)
        {f}(x, 1)
        {f}(x, dim=-1)
        x.{f}(0)
        torch.{f}(x, 1)
        np.{f}(x, axis=1)
        {f}(x, 0).sum()
        {f}(x, 1)[0, 1]
        {f}(x.T, 0)
        {f}({f}(x, 0), 1)
        2 * {f}(-x, 1)
        """,
        "cumsum cumprod",
        x="normal(2, 3)",
    ),
    *each(
        """
        {f}(x, 1)
        {f}(x, -1)
        {f}(x, 0)
        """,
        "cumsum cumprod",
        x=_LONG,
    ),
    *each(
        """
        {f}(x, 0)
        {f}(x, -1)
        """,
        "cumsum cumprod",
        x="normal()",
    ),
    *each("{f}(x, 0)", "cumsum cumprod", x="normal(1)"),
    *each("{f}(x, 0)", "cumsum cumprod", x="normal(0)"),
    *each(
        """
        {f}(x, 0)
        {f}(x, 1)
        """,
        "cumsum cumprod",
        x="normal(0, 3)",
    ),
    *each("{f}(x, 1)", "cumsum cumprod", x="normal(2, 3) float32"),
]
