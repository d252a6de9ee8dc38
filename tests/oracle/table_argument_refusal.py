"""What PyTorch refuses of dtypes, arguments and conditions, whatever the function."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    # Dtypes.
    *each(
        """
        {f}(i)
        {f}(m)
        """,
        "mean var std gelu silu elu softplus leaky_relu norm det inv",
        i="ints(2, 2; 1..4)",
        m="bools(2, 2)",
    ),
    *each("{f}(i, 0)", "softmax log_softmax", i="ints(2, 2; 1..4)"),
    *each("{f}(m)", "abs neg relu argmax argmin floor round", m="bools(2, 2)"),
    *group(
        """
        -m
        +m
        m - m
        1 - m
        m - True
        x - True
        True - x
        x & x
        x | i
        ~x
        x & m
        i & 1.5
        i ^ -1
        i ^ -2
        i // 0
        i % 0
        7 // z
        f @ x
        x @ f
        i @ x
        x @ i
        m @ x
        dot(x[0], f[0])
        einsum('ij,jk->ik', x, f)
        linalg.solve(x, f)
        where(x, x, x)
        where(i, x, x)
        x.sum(dtype=int64)
        x.mean(dtype=int64)
        full_like(x, 1, dtype=int64) @ x
        cross_entropy(x, [0.0, 1.0])
        tensor([1, [2]])
        tensor([[1, 2], [3]])
        tensor(['a'])
        """,
        x="normal(2, 2)",
        f="normal(2, 2) float32",
        i="ints(2, 2; 1..4)",
        m="bools(2, 2)",
        z=[0, 1],
    ),
    # Arguments.
    *group(
        """
        clamp(x)
        arange(0, 1, 0)
        arange(5, 0)
        arange(0, 5, -1)
        linspace(0, 1, -1)
        zeros(-1)
        ones(2, -3)
        eye(-2)
        full((-1,), 2)
        gelu(x, approximate='sigmoid')
        mse_loss(x, x, reduction='max')
        cross_entropy(x, tensor([0, 1]), reduction='total')
        cross_entropy(x, tensor([0, 3]))
        cross_entropy(x, tensor([0, -1]))
        cross_entropy(x, tensor([0]))
        cross_entropy(x, tensor([0, 1, 1]))
        cross_entropy(x, tensor([0, 1]), weight=[1.0, 2.0])
        cross_entropy(x, tensor([0, 1]), label_smoothing=1.5)
        cross_entropy(x, tensor([0, 1]), weight=x[0])
        cross_entropy(x, [[0.5, 0.5], [0.5, 0.5]])
        norm(x, 'max')
        linalg.norm(x, 'max')
        linalg.vector_norm(x, 'fro')
        div(x, x, rounding_mode='up')
        sum(x, 0, 1, 2, 3)
        sum(x, dims=0)
        exp(x, 2)
        exp()
        exp(x, dim=1)
        relu('a')
        x.nothing(2)
        nothing(x)
        x.sum(dim='a')
        x.sum(dim=0.5)
        x.reshape('a')
        x.reshape(2.5)
        where(x > 0, x) + x
        pow(x)
        stack(x, x)
        cat(x, x)
        linalg.nothing(x)
        x + 'a'
        x + None
        softmax(x, 0.5)
        """,
        x="normal(2, 3)",
    ),
    # A condition needs one truth value.
    *group(
        """
        x if x > 0 else -x
        x > 0 and x < 1
        not x > 0
        0 < x < 1
        x if x else 2
        """,
        x="normal(2)",
    ),
]
