"""Losses: `mse_loss` and `cross_entropy` with every argument they document."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_WAYS = ("", ", reduction='mean'", ", reduction='sum'", ", reduction='none'")

CASES: list[Case] = [
    *each(
        """
        mse_loss(x, y{f})
        F.mse_loss(x, row{f})
        mse_loss(x, zeros(2, 3){f})
        mse_loss(zeros(2, 3), y{f})
        """,
        _WAYS,
        x="normal(2, 3)",
        y="normal(2, 3)",
        row="normal(3)",
    ),
    *group(
        """
        torch.nn.functional.mse_loss(x, y)
        mse_loss(input=x, target=y)
        mse_loss(x, x)
        mse_loss(x, y) - ((x - y)^2).mean()
        mse_loss(x @ x.T, y @ y.T)
        mse_loss(x, [[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]])
        mse_loss(x, s)
        mse_loss(s, x)
        mse_loss(2 * x, y, reduction='sum')
        mse_loss(sigmoid(x), y.detach())
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        s="normal()",
    ),
    *each("mse_loss(s, t{f})", _WAYS, s="normal()", t="normal()"),
    *each("mse_loss(z, y{f})", _WAYS, z="normal(0, 3)", y="normal(0, 3)"),
    *each("mse_loss(x, y{f})", _WAYS, x="normal(2, 3) float32", y="normal(2, 3) float32"),
    # Class indices.
    *each(
        """
        cross_entropy(x, k{f})
        cross_entropy(x, k, weight=[1.0, 0.5, 2.0]{f})
        cross_entropy(x, k, ignore_index=1{f})
        cross_entropy(x, k, label_smoothing=0.1{f})
        cross_entropy(x, k, weight=[1.0, 0.5, 2.0], ignore_index=0{f})
        cross_entropy(x, k, weight=[1.0, 0.5, 2.0], label_smoothing=0.2{f})
        cross_entropy(x, k, ignore_index=1, label_smoothing=0.2{f})
        cross_entropy(x, tensor([0, -100, 2, -100]){f})
        cross_entropy(x, tensor([0, -100, 2, 1]), weight=[1.0, 0.5, 2.0], label_smoothing=0.1{f})
        cross_entropy(b, g{f})
        cross_entropy(b, g, weight=[1.0, 0.5, 2.0]{f})
        cross_entropy(b, g, label_smoothing=0.1{f})
        cross_entropy(b, g, ignore_index=1{f})
        cross_entropy(v, n{f})
        cross_entropy(v, n, weight=[1.0, 0.5, 2.0]{f})
        cross_entropy(v, n, label_smoothing=0.3{f})
        """,
        _WAYS,
        x="normal(4, 3)",
        k=[0, 2, 1, 1],
        b="normal(2, 3, 2)",
        g="ints(2, 2; 0..2)",
        v="normal(3)",
        n="ints(; 0..2)",
    ),
    *group(
        """
        F.cross_entropy(x, k)
        cross_entropy(input=x, target=k)
        cross_entropy(x, tensor([0, 2, 1, 1]))
        cross_entropy(2 * x, k)
        cross_entropy(x, argmax(x, 1))
        cross_entropy(x, k) - (logsumexp(x, 1) - x[arange(4), k]).mean()
        cross_entropy(x, k, weight=tensor([1.0, 0.5, 2.0]))
        cross_entropy(x, k, label_smoothing=1.0)
        cross_entropy(x, k, label_smoothing=0.0)
        cross_entropy(x @ w, k)
        cross_entropy(x, tensor([1, 1, 1, 1]), ignore_index=1)
        cross_entropy(x, tensor([1, 1, 1, 1]), ignore_index=1, reduction='sum')
        cross_entropy(x, tensor([-100, -100, -100, -100]))
        cross_entropy(x[:1], k[:1])
        cross_entropy(x.T, tensor([0, 3, 1]))
        """,
        x="normal(4, 3)",
        k=[0, 2, 1, 1],
        w="normal(3, 3)",
    ),
    *group(
        """
        cross_entropy(x, k)
        cross_entropy(x, k, reduction='none')
        cross_entropy(x, k, weight=[1.0, 0.5, 2.0])
        cross_entropy(x, k, label_smoothing=0.1)
        """,
        x="normal(2, 3, 2, 2)",
        k="ints(2, 2, 2; 0..2)",
    ),
    *each("cross_entropy(x, k{f})", _WAYS, x="normal(0, 3)", k=("int64", [])),
    *each("cross_entropy(x, k{f})", _WAYS, x="normal(2, 3) float32", k=[2, 0]),
    # Probabilities.
    *each(
        """
        cross_entropy(x, p{f})
        cross_entropy(x, softmax(y, 1){f})
        cross_entropy(x, p, weight=[1.0, 0.5, 2.0]{f})
        cross_entropy(x, p, label_smoothing=0.1{f})
        cross_entropy(x, p, weight=[1.0, 0.5, 2.0], label_smoothing=0.1{f})
        cross_entropy(x, p.detach(){f})
        cross_entropy(v, softmax(w, 0){f})
        cross_entropy(v, softmax(w, 0), weight=w.exp(){f})
        cross_entropy(z, softmax(z, 1){f})
        cross_entropy(b, softmax(c, 1){f})
        cross_entropy(b, softmax(c, 1), weight=[1.0, 0.5, 2.0]{f})
        """,
        _WAYS,
        x="normal(2, 3)",
        y="normal(2, 3)",
        p=[[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]],
        v="normal(3)",
        w="normal(3)",
        z="normal(0, 3)",
        b="normal(2, 3, 2)",
        c="normal(2, 3, 2)",
    ),
    *group(
        """
        cross_entropy(x, [[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]])
        cross_entropy(x, softmax(x, 1))
        cross_entropy(x, softmax(y, 1), weight=w)
        cross_entropy(x, ones(2, 3) / 3)
        cross_entropy(ones(2, 3), softmax(y, 1))
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        w="positive(3)",
    ),
]
