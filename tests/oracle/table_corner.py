"""Corners: kinks and ties, zeros in products, powers of zero, NaN and infinity."""

from __future__ import annotations

from tests.oracle.cases import Case, Specification, each, group, without_second

inf, nan = float("inf"), float("nan")

_KINK: Specification = [-1.0, 0.0, 1.0]
_ODD: Specification = [nan, inf, -inf, 1.0]
_TIES: Specification = [[1.0, 2.0, 2.0], [2.0, 2.0, 1.0]]
_ZEROS: list[Specification] = [
    [2.0, 3.0, 4.0],
    [0.0, 3.0, 2.0],
    [3.0, 0.0, 2.0],
    [3.0, 2.0, 0.0],
    [0.0, 0.0, 2.0],
    [0.0, 2.0, 0.0],
    [0.0, 0.0, 0.0],
    [0.0],
    [5.0],
]
_MATRICES: list[Specification] = [
    [[1.0, 2.0], [2.0, 4.0]],
    [[0.0, 1.0], [1.0, 0.0]],
    [[0.0, 1.0, 2.0], [0.0, 3.0, 1.0], [0.0, 1.0, 1.0]],
]

CASES: list[Case] = [
    # Kinks, poles and domain ends.
    *each(
        "{f}(x)",
        "relu abs sign leaky_relu elu softplus silu gelu sigmoid sqrt rsqrt reciprocal log log2"
        " log10 log1p asin acos atanh acosh square floor ceil round trunc tan exp2 erf",
        x=_KINK,
    ),
    *group(
        """
        x ^ 0
        x ^ 1
        x ^ 2
        x ^ 3
        x ^ -1
        x ^ -2
        x ^ 0.5
        x ^ 1.5
        x ^ -0.5
        x ^ 0.0
        0 ^ x
        2 ^ x
        1 ^ x
        (-2) ^ x
        x / 0
        0 / x
        1 / x
        x / x
        x * 0
        x % 0
        x % 1
        x // 0
        relu(x) - relu(-x)
        abs(x) / x
        sqrt(abs(x))
        sqrt(x^2)
        sqrt(x * x)
        where(x > 0, x, 0.0)
        where(x > 0, sqrt(x), 0.0)
        where(x > 0, log(x), x)
        where(x != 0, 1 / x, 0.0)
        where(x > 0, x^0.5, -x)
        maximum(x, -x)
        minimum(x, -x)
        maximum(x, zeros(3))
        minimum(x, x)
        clamp(x, 0, 1)
        clamp(x, -1, 0)
        clamp(x, 0, 0)
        clamp(x, 2, 1)
        clamp(x, min=0)
        clamp(x, max=0)
        atan2(x, x)
        x * log(x)
        exp(-x^-2)
        max(x)
        softmax(x * 1000, 0)
        log(softmax(x * 1000, 0))
        log_softmax(x * 1000, 0)
        log(sigmoid(x * 1000))
        """,
        x=_KINK,
    ),
    *group(
        """
        atan2(x, y)
        x / y
        x ^ y
        x % y
        x - x / y
        """,
        x=[0.0, 0.0, 1.0, 0.0],
        y=[0.0, 1.0, 0.0, -1.0],
    ),
    *group(
        "x ^ y", x=[0.0, 0.0, 0.0, 0.0, -1.0, -2.0, 2.0], y=[0.0, 1.0, 2.0, -1.0, 2.0, 3.0, 0.0]
    ),
    *group("x ^ y", x=[0.0, 0.0, -1.0], y=[0.5, 1.5, 0.5]),
    *each("{f} ^ y", "0 0.0 1.0 (-2) (-0.5) inf", y=[0.0, 1.0, -1.0, 2.0]),
    *group(
        """
        x ^ inf
        x ^ -inf
        x ^ nan
        x ^ 0
        """,
        x=[0.5, 1.0, 2.0],
    ),
    *group(
        """
        x % y
        x // y
        """,
        x=[5.0, -5.0, 6.0, 0.0],
        y=[3.0, 3.0, 3.0, 2.0],
    ),
    # Ties.
    *each(
        """
        x.{f}()
        x.{f}(0)
        x.{f}(1)
        x.{f}((0, 1))
        """,
        "amax amin",
        x=_TIES,
    ),
    *each(
        """
        x.{f}()
        x.{f}(0)[0]
        x.{f}(1)[0]
        x.{f}(1)[1]
        x.{f}(0).indices
        """,
        "max min",
        x=_TIES,
    ),
    *each(
        """
        x.{f}()
        x.{f}(0)
        x.{f}(1)
        """,
        "argmax argmin",
        x=_TIES,
    ),
    *group(
        """
        logsumexp(x, 1)
        norm(x, inf)
        norm(x, -inf)
        norm(x, inf, dim=1)
        x - x.amax(1, True)
        softmax(x, 1)
        sum(x.max(1)[0] * x.min(1)[0])
        """,
        x=_TIES,
    ),
    *each("{f}(x, y)", "maximum minimum", x=[1.0, 2.0, -0.0, inf], y=[1.0, 2.0, 0.0, inf]),
    *each(
        "clamp(x, {f})",
        ["min=y", "max=y", "y, y", "y, 2 * y"],
        x=[1.0, 2.0, 3.0],
        y=[1.0, 3.0, 2.0],
    ),
    # Zeros in products.
    *[
        c
        for zeros in _ZEROS
        for c in group(
            """
        prod(x)
        x.prod(0)
        x.cumprod(0)
        """,
            x=zeros,
        )
    ],
    *group(
        """
        prod(x)
        x.prod(0)
        x.prod(1)
        x.cumprod(0)
        x.cumprod(1)
        """,
        x=[[0.0, 2.0, 3.0], [4.0, 0.0, 0.0], [1.0, 2.0, 3.0]],
    ),
    # Norms at zero, with ties of size, and of every order.
    *each(
        """
        norm(x, {f})
        linalg.vector_norm(x, {f})
        """,
        "0 0.5 1 1.5 2 2.5 3 inf -inf -1 -2",
        x=[0.0, 0.0],
    ),
    *each("norm(x, {f})", "0 0.5 1 1.5 2 2.5 3 inf -inf -1", x=[3.0, 0.0, -4.0]),
    *each("norm(x, {f})", "inf -inf 1 3", x=[3.0, 3.0, -3.0]),
    *each("norm(x, {f}, dim=1)", "1 2 3 inf", x=[[0.0, 0.0], [3.0, 4.0]]),
    *group(
        """
        norm(x)
        norm(x, 1)
        x / norm(x)
        sqrt((x^2).sum())
        norm(x)^2
        (x^2).sum()^0.5
        """,
        x=[[0.0, 0.0], [0.0, 0.0]],
    ),
    # Variance of one value and of equal values.
    *each(
        """
        {f}(x)
        {f}(x, correction=0)
        {f}(x, 0)
        {f}(x, correction=2)
        """,
        "var std",
        x=[2.0, 2.0, 2.0],
    ),
    *each(
        """
        {f}(x)
        {f}(x, correction=0)
        {f}(x, correction=5)
        """,
        "var std",
        x=[2.0],
    ),
    *each(
        """
        {f}(x)
        {f}(x, correction=2)
        """,
        "var std",
        x=[1.0, 3.0],
    ),
    # NaN and infinity run through as PyTorch lets them.
    *each(
        "{f}(x)",
        "relu abs sign exp log sqrt sin tanh sigmoid softplus gelu silu elu leaky_relu floor round"
        " square reciprocal rsqrt erf expm1 log1p atan sinh",
        x=_ODD,
    ),
    *each("{f}(x)", "sum mean prod max min amax amin argmax argmin var std norm", x=_ODD),
    *each("{f}(x, 0)", "softmax log_softmax logsumexp cumsum cumprod", x=_ODD),
    *each(
        """
        x.{f}(0)[0]
        x.{f}(0)[1]
        """,
        "max min",
        x=[1.0, nan, 3.0, nan],
    ),
    *each("{f}(x)", "max min amax amin argmax argmin", x=[1.0, nan, 3.0, nan]),
    *each("norm(x, {f})", "0 1 2 3 inf -inf", x=[nan, 1.0]),
    *each("norm(x, {f})", "0 1 2 3 inf -inf", x=[-inf, 1.0]),
    *each("{f}(x, 0)", "softmax log_softmax logsumexp", x=[-inf, -inf]),
    *each("{f}(x, 0)", "softmax log_softmax logsumexp", x=[-inf, 1.0]),
    *each("{f}(x, 0)", "softmax log_softmax logsumexp", x=[inf, 1.0]),
    *group(
        """
        x + 1
        x * 0
        x - x
        x / x
        x ^ 2
        x ^ 0
        0 * x
        1 / x
        x > 0
        x == x
        x != x
        -x
        x % 2
        x // 2
        where(x > 0, x, 0.0)
        where(x == x, x, 0.0)
        clamp(x, 0, 1)
        clamp(x, min=0)
        clamp(x, max=0)
        x * inf
        x + inf
        x * nan
        softmax(x, 0).sum()
        gelu(x, approximate='tanh')
        """,
        x=_ODD,
    ),
    *each("{f}(x, y)", "maximum minimum", x=[1.0, nan, nan, inf], y=[nan, 2.0, nan, -inf]),
    *each("x {f} y", "+ * / ^ %", x=[inf, 0.0, nan, -inf], y=[inf, inf, 1.0, 2.0]),
    *group(
        """
        x @ y
        x @ x
        outer(x, y)
        mse_loss(x, y)
        atan2(x, y)
        """,
        x=[inf, 0.0],
        y=[0.0, nan],
    ),
    *group(
        """
        exp(x)
        exp(x) / exp(x).sum()
        exp(x - x.max())
        sigmoid(x)
        tanh(x)
        softplus(x)
        log(1 + exp(x))
        logsumexp(x, 0)
        sinh(x)
        x ^ 300
        gelu(x)
        silu(x)
        expm1(x)
        """,
        x=[-1000.0, 0.0, 1000.0],
    ),
    *group(
        """
        log(x)
        1 / x
        sqrt(x)
        x ^ -2
        x * log(x)
        x / (x * x)
        """,
        x=[1e-320, 1e-300, 1e300],
    ),
    # Singular and indefinite matrices.
    *[
        c
        for m in _MATRICES
        for c in group(
            """
        det(A)
        slogdet(A)[0]
        logdet(A)
        """,
            A=m,
        )
    ],
    *group(
        """
        slogdet(A)[1]
        inv(A)
        """,
        A=[[0.0, 1.0], [1.0, 0.0]],
    ),
    # The second derivative of a determinant at a matrix of much lower rank is NaN in PyTorch.
    *without_second(group("det(A)", A=[[0.0, 0.0], [0.0, 0.0]])),
    *without_second(group("det(A)", A=[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]])),
    *group("logdet(A)", A=[[-2.0, 0.0], [0.0, 1.0]]),
    *group(
        """
        linalg.cholesky(A)
        linalg.cholesky(A, upper=True)
        """,
        A=[[2.0, 1.0], [1.0, 2.0]],
    ),
    *group("linalg.cholesky(A)", A=[[2.0, 7.0], [1.0, 2.0]]),
    *group("linalg.cholesky(A, upper=True)", A=[[2.0, 1.0], [7.0, 2.0]]),
    # Indices that repeat, empty sums and products.
    *group(
        """
        x[[0, 0, 1]]
        x[[0, 0, 1]] ^ 2
        gather(x, 0, [0, 0, 0])
        x[[0, 1, 0, 1]].prod()
        stack([x, x, x]).prod(0)
        cat([x, x]).sum()
        x.expand(3, 2).prod()
        """,
        x=[2.0, 3.0],
    ),
    *group(
        """
        x.sum()
        x.prod()
        x.mean()
        x.sum() + 1
        sum(x) * prod(x)
        x.norm()
        """,
        x=("float64", []),
    ),
    *group(
        """
        x + y
        x / y
        x - y
        """,
        x=[0.1, 1e16, 1.0],
        y=[0.2, 1.0, 1e-17],
    ),
]
