"""Two or three tensors combined element by element, and bounds on one side."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

# nan, infinities, zeros of both signs and ties, in pairs.
_LEFT = [float("nan"), float("inf"), -float("inf"), 0.0, -1.0, 1.0, 0.5]
_RIGHT = [1.0, float("inf"), float("inf"), 0.0, float("nan"), 1.0, -2.0]

CASES: list[Case] = [
    *each(
        """
        torch.{f}(x, y, z)
        x.{f}(y, z)
        torch.{f}(x, y, z, value=-0.5)
        torch.{f}(x, 2, y, z)
        torch.{f}(input=x, tensor1=y, tensor2=z, value=3)
        {f}(x, x, x)
        {f}(y, x, y).sum()
        {f}(x.T, x.T, x.T, value=2)
        {f}(x, y, f)
        {f}(f, f, s)
        {f}(f, i, f, value=2)
        {f}(i, x, y)
        {f}(s, s, s)
        {f}(e, e, e)
        """,
        "addcmul addcdiv",
        x="normal(2, 3)",
        y="normal(3)",
        z="positive(2, 1)",
        f="positive(3) float32",
        i="ints(3; 1..5)",
        s="positive()",
        e="normal(0)",
    ),
    *group(
        """
        addcmul(i, j, j)
        addcmul(i, j, j, value=2.5)
        addcmul(k, j, j, value=-3)
        """,
        i="ints(2, 3; -4..4)",
        j="ints(3; 1..5)",
        k="ints(3; 1..5) int32",
    ),
    *each("{f}(x, y, x, value=2)", "addcmul addcdiv", x=_LEFT, y=_RIGHT),
    *group(
        """
        torch.lerp(x, y, 0.3)
        torch.lerp(x, y, 0.75)
        torch.lerp(x, y, -0.5)
        torch.lerp(x, y, 1)
        x.lerp(y, 2)
        torch.lerp(input=x, end=y, weight=0.4)
        torch.lerp(x, y, z)
        torch.lerp(x, y, s)
        x.lerp(end=y, weight=s)
        torch.lerp(x, y, i)
        torch.lerp(s, y, 0.2)
        torch.lerp(x, s, z)
        torch.lerp(f, f, 0.25)
        torch.lerp(f, f, s)
        torch.lerp(f, f, f)
        lerp(x.T, x.T, 0.5).mean()
        lerp(x, x, x)
        lerp(e, e, 0.5)
        """,
        x="normal(2, 3)",
        y="normal(3)",
        z="normal(2, 1)",
        s="positive()",
        i="ints(; 2..2)",
        f="normal(3) float32",
        e="normal(0)",
    ),
    *group("lerp(x, y, x)\nlerp(x, y, 0.5)", x=_LEFT, y=_RIGHT),
    *each(
        """
        torch.{f}(x, y)
        x.{f}(y)
        {f}(x, x)
        {f}(x, y).sum()
        {f}(x[:, None], y)
        {f}(x.T, x.T)
        {f}(x, s)
        {f}(s, s)
        {f}(f, y)
        {f}(f, f)
        {f}(f, s)
        {f}(x, i)
        {f}(f, i)
        {f}(e, e)
        """,
        "hypot logaddexp logaddexp2 ldexp fmax fmin clamp_min clamp_max nextafter",
        x="normal(2, 3)",
        y="normal(3)",
        s="positive()",
        f="positive(3) float32",
        i="ints(3; 1..5)",
        e="normal(0)",
    ),
    *each(
        "{f}(x, y)\n{f}(y, x)",
        "hypot logaddexp logaddexp2 ldexp fmax fmin clamp_min clamp_max nextafter",
        x=_LEFT,
        y=_RIGHT,
    ),
    *each(
        "torch.{f}(input=x, other=y)",
        "hypot logaddexp logaddexp2 ldexp fmax fmin nextafter",
        x="normal(2, 3)",
        y="normal(3)",
    ),
    *group("logaddexp(1000 * x, 900 * y)\nlogaddexp2(1000 * x, 900 * y)", x=[1.0, -2], y=[1, 1.0]),
    *each(
        """
        {f}(i, j)
        {f}(i, x)
        {f}(b, b)
        """,
        "fmax fmin clamp_min clamp_max",
        i="ints(2, 3; -4..4)",
        j="ints(3; -1..2) int32",
        x="normal(3)",
        b="bools(3)",
    ),
    *group(
        """
        ldexp(i, i)
        ldexp(b, i)
        ldexp(u, u)
        """,
        i="ints(3; 1..5)",
        b="bools(3)",
        u="ints(3; 1..5) uint8",
    ),
    *each(
        """
        torch.{f}(x, 0)
        torch.{f}(x, 0.5)
        x.{f}(-0.25)
        x.{f}(nan)
        {f}(x, True)
        {f}(f, 0.1)
        {f}(i, 2)
        {f}(i, 0.5)
        {f}(b, 0)
        {f}(u, -1)
        """,
        "clamp_min clamp_max",
        x="normal(2, 3)",
        f="normal(3) float32",
        i="ints(3; -4..4)",
        b="bools(3)",
        u="ints(3; 1..5) uint8",
    ),
    *group("clamp_min(x, 1)\nclamp_max(x, 0)\nx.clamp_min(min=1)\nx.clamp_max(max=0)", x=_LEFT),
    *each(
        """
        torch.{f}(x)
        x.{f}()
        {f}(x).sum()
        {f}(f)
        {f}(i)
        {f}(b)
        """,
        "deg2rad rad2deg",
        x="normal(2, 3)",
        f="normal(3) float32",
        i="ints(3; -4..4)",
        b="bools(3)",
    ),
    *group(
        """
        torch.add(x, 2, y)
        x.sub(2, y)
        torch.add(x, 2, 3)
        """,
        x="normal(2, 3)",
        y="normal(3)",
    ),
]
