"""Activations of straight lines and curves, dropout in evaluation, implicit softmax."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_LINES = "relu6 hardtanh hardswish hardsigmoid hardshrink softshrink rrelu"
_CURVES = "celu selu mish logsigmoid softsign tanhshrink"
_EDGES = [-30.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0, 30.0]

CASES: list[Case] = [
    *each(
        """
        F.{f}(x)
        torch.nn.functional.{f}(x)
        F.{f}(3 * x).sum()
        F.{f}(x.T)
        F.{f}(x[:, 0])
        F.{f}(F.{f}(x))
        F.{f}(s)
        F.{f}(e)
        F.{f}(f)
        """,
        f"{_LINES} {_CURVES}",
        x="normal(2, 3)",
        s="normal()",
        e="normal(0)",
        f="normal(3) float32",
    ),
    *each("F.{f}(x)", f"{_LINES} {_CURVES}", x=_EDGES),
    *each("F.{f}(x)", f"{_LINES} {_CURVES}", x=[float("nan"), float("inf"), -float("inf")]),
    *each("F.{f}(x)", "logsigmoid mish softsign", x=[-1000.0, 1000.0]),
    *each("F.{f}(x, inplace=False)", "relu6 hardtanh hardswish celu selu mish", x="normal(2)"),
    *each("torch.{f}(x)", "hardshrink rrelu celu selu", x="normal(2, 3)"),
    *group(
        """
        F.hardtanh(x, -3, 3)
        F.hardtanh(x, min_val=-0.5, max_val=0.25)
        F.hardtanh(x, max_val=0.5)
        F.hardtanh(x, 0.5, 0.5)
        F.hardshrink(x, 1)
        F.hardshrink(x, lambd=0)
        F.hardshrink(x, -1)
        x.hardshrink(0.25)
        F.softshrink(x, 1)
        F.softshrink(x, lambd=0)
        F.softshrink(x, lambd=3.0)
        F.threshold(x, 0.5, 2)
        F.threshold(x, threshold=0, value=-1, inplace=False)
        torch.threshold(input=x, threshold=0.1, value=20)
        F.celu(x, 0.5)
        F.celu(x, alpha=3)
        torch.celu(x, alpha=0.3)
        F.celu(x, -2.0)
        F.rrelu(x, 0.1, 0.2)
        F.rrelu(x, lower=0.1, upper=0.5, training=False)
        """,
        x=_EDGES,
    ),
    *each("F.{f}(i)", "relu6 hardtanh tanhshrink softsign", i="ints(2, 3; -8..8)"),
    *group(
        """
        F.hardtanh(i, -2.5, 2.5)
        F.threshold(i, 1.5, 20.5)
        F.hardtanh(u, 0, 1)
        F.relu6(u)
        """,
        i="ints(2, 3; -8..8)",
        u="ints(3; 1..9) uint8",
    ),
    *group(
        """
        F.prelu(x, w)
        F.prelu(x, o)
        F.prelu(x, s)
        torch.prelu(x, w)
        torch.prelu(input=x, weight=o)
        x.prelu(s)
        F.prelu(c, w)
        F.prelu(c, o).sum()
        F.prelu(w, o)
        F.prelu(w, s)
        F.prelu(s, s)
        F.prelu(s, o)
        F.prelu(f, f[:1])
        """,
        x="normal(2, 3)",
        w="normal(3)",
        o="normal(1)",
        s="normal()",
        c="normal(2, 3, 2)",
        f="normal(3) float32",
    ),
    *group("F.prelu(x, o)", x=[-1.0, 0.0, 2.0], o=[0.25]),
    *group(
        """
        F.glu(x)
        F.glu(x, 0)
        F.glu(x, dim=-1).sum()
        F.glu(x.T, dim=0)
        F.glu(1000 * x)
        F.glu(f)
        F.glu(c, 2)
        F.glu(c, -3)
        """,
        x="normal(2, 4)",
        f="normal(4) float32",
        c="normal(2, 3, 2)",
    ),
    *each(
        """
        F.{f}(x)
        F.{f}(c)
        F.{f}(s)
        F.{f}(x[0])
        F.{f}(x, None)
        F.{f}(x, dim=0)
        F.{f}(x, -1, 3)
        F.{f}(x, 1, _stacklevel=5)
        F.{f}(x, 1, 3, float32)
        F.{f}(x, dim=0, dtype=float32)
        F.{f}(i, 0, dtype=float64)
        torch.nn.functional.{f}(x, dim=1)
        """,
        "softmax log_softmax softmin",
        x="normal(2, 3)",
        c="normal(2, 3, 2)",
        s="normal()",
        i="ints(3; 1..4)",
    ),
    *each(
        """
        F.{f}(c, training=False) * 2
        F.{f}(c, 0.3, False).sum()
        F.{f}(input=c, p=0.3, training=False, inplace=False) + c
        F.{f}(c, p=0.0, training=True) * 2
        F.{f}(c, 1.0, True)
        """,
        "dropout dropout1d dropout2d alpha_dropout feature_alpha_dropout",
        c="normal(2, 3, 2)",
    ),
    *group(
        """
        F.dropout3d(c, 0.3, False) * 2
        F.dropout3d(c[None], training=False) * 2
        F.dropout1d(c[0, 0], training=False)
        F.alpha_dropout(c) * 2
        F.feature_alpha_dropout(c) * 2
        torch.dropout(c, 0.5, False) * 2
        torch.dropout(input=c, p=0.5, train=False) * 2
        torch.dropout(c, 1.0, True)
        torch.alpha_dropout(c, 0.5, False) * 2
        torch.feature_dropout(c, 0.5, False) * 2
        torch.feature_alpha_dropout(c, 0.5, False) * 2
        F.dropout(i, 0.5, False)
        """,
        c="normal(2, 1, 2, 2)",
        i="ints(3; 1..4)",
    ),
    *each("F.{f}(x)", "tanh sigmoid", x="normal(3)"),
    # How results stand in memory shows in the nodes of a reshape.
    *each("F.{f}(x.T).reshape(-1)", f"{_LINES} {_CURVES}", x="normal(2, 3)"),
    *group(
        """
        F.glu(x.T).reshape(-1)
        F.glu(x.T, 0).contiguous()
        F.glu(c.transpose(1, 2), 1).reshape(-1)
        F.prelu(c.transpose(1, 2), c[0, 0]).reshape(-1)
        """,
        x="normal(4, 2)",
        c="normal(2, 3, 2)",
    ),
]
