"""Activations with all their arguments, the softmax family and logsumexp."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_PLAIN = "sigmoid relu leaky_relu elu silu gelu softplus"
_ROWS = "softmax log_softmax"

CASES: list[Case] = [
    *each(
        """
        {f}(x)
        F.{f}(x)
        torch.nn.functional.{f}(x)
        {f}(x).sum()
        {f}(-2 * x)
        {f}({f}(x))
        """,
        _PLAIN,
        x="normal(2, 3)",
    ),
    *each(
        """
        torch.{f}(x)
        x.{f}()
        """,
        "sigmoid relu",
        x="normal(2, 3)",
    ),
    *each("{f}(x)", _PLAIN, x="normal()"),
    *each("{f}(x)", _PLAIN, x="normal(0)"),
    *each("{f}(x)", _PLAIN, x="normal(0, 3)"),
    *each("{f}(x)", _PLAIN, x="normal(2, 2) float32"),
    *each("{f}(x)", _PLAIN, x=[-30.0, -5.0, -1.0, -1e-6, 0.0, 1e-6, 1.0, 5.0, 30.0]),
    *each(
        """
        {f}(x.T)
        {f}(x[:, 0])
        {f}(x).mean()
        """,
        _PLAIN,
        x="normal(2, 3)",
    ),
    *group(
        """
        gelu(x, approximate='tanh')
        F.gelu(x, approximate='none')
        F.gelu(x, approximate="tanh")
        gelu(x, approximate='tanh').sum()
        leaky_relu(x, 0.2)
        F.leaky_relu(x, negative_slope=0.3)
        leaky_relu(x, negative_slope=0.0)
        leaky_relu(x, negative_slope=1.0)
        leaky_relu(x, -0.5)
        elu(x, 0.5)
        F.elu(x, alpha=2.0)
        elu(x, alpha=0.0)
        elu(x, alpha=-1.0)
        softplus(x, 2)
        softplus(x, beta=2)
        F.softplus(x, beta=0.5, threshold=1)
        softplus(x, threshold=0)
        softplus(x, 1, 1)
        F.softplus(x, beta=3.0, threshold=2.5)
        """,
        x=[[-3.0, -1.0, -0.25], [0.0, 0.5, 1.0], [1.5, 2.0, 4.0]],
    ),
    *group("gelu(x, approximate='tanh')", x="normal()"),
    *group("gelu(x, approximate='tanh')", x="normal(0, 2)"),
    *group(
        """
        gelu(x, approximate='tanh')
        softplus(x, beta=2, threshold=1)
        """,
        x="normal(3) float32",
    ),
    *each(
        """
        {f}(x, 0)
        {f}(x, 1)
        {f}(x, -1)
        {f}(x, dim=-2)
        {f}(x, dim=1)
        F.{f}(x, dim=0)
        torch.{f}(x, 1)
        x.{f}(1)
        x.{f}(dim=-1)
        {f}(x, axis=1)
        {f}(x, 1).sum()
        {f}(x, 1)[0, 0]
        {f}(2 * x, 1)
        {f}(x.T, 1)
        {f}(x, 1) * x
        {f}(x, dim=1)[:, 0].sum()
        """,
        _ROWS,
        x="normal(2, 3)",
    ),
    *each(
        """
        {f}(x, 0)
        {f}(x, 1)
        {f}(x, 2)
        {f}(x, -3)
        """,
        _ROWS,
        x="normal(2, 3, 2)",
    ),
    *each(
        """
        {f}(x, 0)
        {f}(x, -1)
        """,
        _ROWS,
        x="normal()",
    ),
    *each("{f}(x, 0)", _ROWS, x="normal(0)"),
    *each(
        """
        {f}(x, 0)
        {f}(x, 1)
        """,
        _ROWS,
        x="normal(0, 3)",
    ),
    *each(
        """
        {f}(x, 0)
        {f}(x, 1)
        """,
        _ROWS,
        x="normal(3, 0)",
    ),
    *each("{f}(x, 0)", _ROWS, x="normal(1)"),
    *each("{f}(x, 1)", _ROWS, x="normal(2, 3) float32"),
    *each("{f}(x, 0)", _ROWS, x=[1000.0, 999.0, -1000.0]),
    *each(
        """
        {f}(x, 1, dtype=float32)
        {f}(x, dim=1, dtype=torch.float64)
        """,
        _ROWS,
        x="normal(2, 3)",
    ),
    *each("{f}(x, 1, dtype=float64)", _ROWS, x="normal(2, 3) float32"),
    *group(
        """
        logsumexp(x, 1)
        logsumexp(x, 0)
        logsumexp(x, -1)
        logsumexp(x, dim=-2)
        logsumexp(x, (0, 1))
        logsumexp(x, dim=(0, 1), keepdim=True)
        logsumexp(x, [1])
        torch.logsumexp(x, 1, True)
        x.logsumexp(1)
        x.logsumexp(dim=0, keepdim=True)
        torch.logsumexp(x, axis=1, keepdims=True)
        logsumexp(x, 1).sum()
        logsumexp(x * 100, 1)
        x - logsumexp(x, 1, keepdim=True)
        log(exp(x).sum(1)) - logsumexp(x, 1)
        """,
        x="normal(2, 3)",
    ),
    *group(
        """
        logsumexp(x, 0)
        logsumexp(x, (0, 2))
        logsumexp(x, (-1, 0), True)
        """,
        x="normal(2, 3, 2)",
    ),
    *group("logsumexp(x, 0)", x="normal()"),
    *group(
        """
        logsumexp(x, 1)
        logsumexp(x, 0)
        """,
        x="normal(0, 3)",
    ),
    *group("logsumexp(x, 0)", x=[1000.0, 999.0, -1000.0]),
    *group("logsumexp(x, 1)", x="normal(2, 3) float32"),
    *group(
        """
        x * sigmoid(x) - silu(x)
        log(sigmoid(x))
        softplus(x) + log(sigmoid(-x))
        relu(x) - relu(-x)
        log(softmax(x, 1)) - log_softmax(x, 1)
        softmax(x, 1) @ x.T
        sigmoid(x) * (1 - sigmoid(x))
        tanh(softplus(x)) * x
        relu(x)^2
        leaky_relu(relu(x))
        exp(log_softmax(x, 0))
        softmax(-abs(x), 1)
        """,
        x="normal(2, 3)",
    ),
]
