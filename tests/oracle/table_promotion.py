"""Dtypes: what integers, truth values, float32, numbers and 0-d tensors do to one another."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_TYPES = {
    "x": "positive(2, 3)",
    "f": "positive(2, 3) float32",
    "i": "ints(2, 3; 1..4)",
    "h": "ints(2, 3; 1..4) int32",
    "m": "bools(2, 3)",
    "s": "positive()",
    "g": "positive() float32",
    "n": "ints(; 2..4)",
    "q": "bools()",
}

CASES: list[Case] = [
    # Arrays of every pair of dtypes; 0-d tensors widen only across kinds.
    *each(
        """
        x {f} f
        f {f} x
        x {f} i
        i {f} x
        f {f} i
        i {f} f
        x {f} m
        m {f} f
        i {f} h
        h {f} i
        i {f} m
        x {f} g
        g {f} x
        f {f} s
        s {f} f
        f {f} n
        n {f} f
        i {f} s
        i {f} g
        g {f} i
        i {f} n
        h {f} n
        m {f} n
        m {f} s
        m {f} g
        s {f} g
        n {f} s
        i {f} q
        f {f} q
        """,
        "+ * /",
        **_TYPES,
    ),
    *each(
        """
        x {f} f
        f {f} i
        i {f} x
        f {f} s
        i {f} g
        i {f} h
        i {f} n
        s {f} f
        """,
        "- ^ %",
        **_TYPES,
    ),
    *each(
        """
        i {f} h
        i {f} n
        f {f} i
        """,
        "//",
        **_TYPES,
    ),
    # Numbers.
    *each(
        """
        f {f} 2
        f {f} 2.5
        2.5 {f} f
        i {f} 2
        i {f} 2.5
        2 {f} i
        2.5 {f} i
        h {f} 2
        h {f} 2.5
        g {f} 2.5
        n {f} 2
        n {f} 0.5
        """,
        "+ - * / // % ^",
        **_TYPES,
    ),
    *group(
        """
        m + 1
        m + 1.5
        m * 2
        2 * m
        m / 2
        m + m
        m * m
        m / m.sum()
        m + True
        i + True
        f * True
        i * False
        -i
        +i
        f + 1e-10
        f * 1e30
        f - 1/3
        i ^ 2
        i ^ 0
        i ^ 0.5
        2 ^ i
        0.5 ^ i
        i ^ i
        i ^ f
        f ^ i
        h ^ 2
        h / h
        i // i
        i % i
        m & True
        i & 1
        i == 2.0
        f == x
        f < x
        i < f
        m == 1
        i * m
        """,
        **_TYPES,
    ),
    # Functions of integers and truth values.
    *each(
        """
        {f}(i)
        {f}(m)
        {f}(h)
        {f}(n)
        """,
        "exp sqrt sin log tanh sigmoid erf reciprocal rsqrt exp2 expm1 log1p log2 atan asinh",
        **_TYPES,
    ),
    *each(
        """
        {f}(i)
        {f}(h)
        """,
        "abs sign square neg floor ceil round trunc relu",
        **_TYPES,
    ),
    *each("{f}(m)", "sign square", **_TYPES),
    *each(
        """
        {f}(i)
        {f}(m)
        {f}(h)
        {f}(i, 0)
        {f}(m, 1)
        """,
        "sum prod",
        **_TYPES,
    ),
    *each(
        """
        {f}(i, 0)
        {f}(m, 1)
        {f}(h, 1)
        """,
        "cumsum cumprod",
        **_TYPES,
    ),
    *each(
        """
        {f}(i)
        {f}(i, 1)[0]
        {f}(i, 0)[1]
        {f}(m)
        {f}(m, 0)[0]
        """,
        "max min",
        **_TYPES,
    ),
    *each(
        """
        {f}(i)
        {f}(i, 1)
        {f}(m, 1)
        """,
        "amax amin",
        **_TYPES,
    ),
    *each(
        """
        {f}(i)
        {f}(i, 1)
        """,
        "argmax argmin",
        **_TYPES,
    ),
    *group(
        """
        logsumexp(i, 0)
        sum(i, dtype=float64)
        sum(m, dtype=float32)
        i.sum(1, dtype=float)
        mean(i, dtype=float64)
        i.mean(0, dtype=float32)
        f.sum(dtype=float64)
        f.mean(dtype=float64)
        f.mean(0, dtype=float64)
        f.prod(dtype=float64)
        f.prod(1, dtype=float64)
        f.cumsum(1, dtype=float64)
        f.cumprod(0, dtype=float64)
        i.prod(dtype=float64)
        i.cumsum(0, dtype=float64)
        f.softmax(1, dtype=float64)
        f.log_softmax(0, dtype=float64)
        x.softmax(1, dtype=float32)
        softmax(i, 1, dtype=float64)
        atan2(i, f)
        atan2(i, i)
        atan2(x, f)
        clamp(i, 1, 3)
        clamp(i, 0.5, 2.5)
        clamp(i, min=2)
        clamp(f, 0, 1)
        clamp(f, min=x)
        clamp(i, max=f)
        minimum(i, f)
        maximum(f, x)
        minimum(i, h)
        maximum(f, s)
        maximum(m, m)
        maximum(i, m)
        where(m, f, x)
        where(m, i, f)
        where(m, i, 0.5)
        where(m, f, 0.5)
        where(m, f, 1)
        where(m, 1, 0.5)
        where(m, f, s)
        where(m, s, f)
        where(m, i, s)
        where(m, i, h)
        where(m, m, 1)
        where(m, True, False)
        where(m, 1, 2)
        where(m, 1.0, 2.0)
        where(m, g, 1.0)
        cat([x, f])
        cat([f, i])
        cat([i, m])
        cat([i, h])
        stack([x, f])
        stack([f, i])
        stack([s, g])
        stack([n, g])
        outer(x[0], f[0])
        outer(f[0], i[0])
        mse_loss(x, f)
        mse_loss(f, i * 1.0)
        f @ f.T
        i @ i.T
        f.T @ f
        f * i @ f.T
        x * f @ x.T
        i / i
        n / 2
        n / n
        n * 1.0
        g * 1.0
        g + s * f
        f + s + g
        f * s * x
        f.exp() + 1
        (f + 1).sum() * x
        f.sum() * x
        x.sum() * f
        i.sum() * f
        i[0, 0] * f
        s * i
        (i > 1) * f
        (f > 1) * 1.0
        (f > 1) * 2
        (i > 1) + 0.5
        f.mean() * x.mean()
        i * 0.5 + f
        f + tensor(2.0)
        f + tensor([1.0, 2.0, 3.0])
        f + tensor([1.0, 2.0, 3.0], dtype=float32)
        f * ones(2, 3)
        f * arange(3)
        f @ ones(3, dtype=float32)
        i * ones(3)
        i + arange(3)
        f.round(decimals=1)
        i ^ tensor(2)
        tril(i)
        trace(i)
        diag(i)
        i.repeat(2, 1)
        m.flip(0)
        i.T.reshape(6)
        m.roll(1)
        i[m]
        norm(f)
        var(f)
        """,
        **_TYPES,
    ),
]
