"""What PyTorch refuses, and difftool with it: shapes, dims, indices, dtypes, arguments."""

from __future__ import annotations

from math import nan

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    # Shapes that do not broadcast or do not fit.
    *each(
        """
        x {f} v
        v {f} x
        x {f} x.T
        x {f} ones(2, 2)
        """,
        "+ - * / // % ^ < ==",
        x="normal(2, 3)",
        v="normal(2)",
    ),
    *group(
        """
        where(x > 0, x, v)
        where(m, x, x)
        minimum(x, v)
        maximum(x, x.T)
        atan2(x, v)
        clamp(x, min=v)
        mse_loss(x, v)
        x @ x
        x @ v
        v @ x.T
        v @ w
        w @ v
        s @ x
        x @ s
        s @ s
        x @ 2
        2 @ x
        b @ b
        b @ x
        matmul(x, x)
        dot(v, w)
        dot(x, x)
        dot(s, v)
        mv(x, v)
        mv(v, x)
        mm(x, x)
        mm(v, x)
        bmm(x, x)
        bmm(b, b)
        outer(x, v)
        outer(s, v)
        trace(v)
        trace(b)
        diag(b)
        diag(s)
        diagonal(v)
        diagonal(x, 0, 0, 0)
        diagonal(b, 0, 0, 3)
        tril(v)
        triu(s)
        v.mT
        b.t()
        det(x)
        det(v)
        inv(x)
        inv(v)
        logdet(x)
        slogdet(x)
        linalg.cholesky(x)
        linalg.solve(x, v)
        linalg.solve(A, v)
        linalg.solve(A, x)
        linalg.solve(A, w[:2])
        """,
        x="normal(2, 3)",
        v="normal(2)",
        w="normal(3)",
        s="normal()",
        b="normal(2, 3, 4)",
        m="bools(3, 2)",
        A="matrix(3)",
    ),
    # Reshapes and other shapes.
    *group(
        """
        x.reshape(4)
        x.reshape(-1, 4)
        x.reshape(-1, -1)
        x.reshape(2, -2)
        x.reshape(3, 3)
        x.view(5)
        x.view(-1, 5)
        x.T.view(6)
        x.T.view(2, 3)
        x[:, 1:].view(4)
        (x.T + 1).view(6)
        (x.T * 2).view(2, 3)
        v.expand(2, 3).view(6)
        b.mT.view(8, 3)
        x.flatten(1, 0)
        x.flatten(2)
        x.flatten(0, 5)
        x.squeeze(2)
        x.squeeze((0, 0))
        x.unsqueeze(3)
        x.unsqueeze(-4)
        x.transpose(0, 2)
        x.transpose(-3, 0)
        x.permute(0)
        x.permute(0, 0)
        x.permute(0, 2)
        x.permute(0, 1, 2)
        x.movedim(0, 2)
        x.movedim((0, 1), (0, 0))
        x.movedim((0, 1), (0,))
        x.movedim((0, 0), (0, 1))
        x.expand(3)
        x.expand(4, 3)
        x.expand(2, 6)
        x.expand(-1, 2, 3)
        x.expand(2, 2)
        v.expand(-1, 3)
        broadcast_to(x, (3,))
        broadcast_to(x, (4, 3))
        x.repeat(2)
        x.repeat(-1, 1)
        v.repeat(())
        cat([x, v])
        cat([x, x.T])
        cat([x, x], 2)
        cat([x, x[:, :2]])
        cat([s, s])
        cat([])
        stack([x, x.T])
        stack([x, v])
        stack([x, x], 3)
        stack([x, x], -4)
        stack([])
        x.flip(2)
        x.flip(0, 0)
        x.flip(-3)
        x.roll(1, 2)
        x.roll((1, 2), 0)
        x.roll(1, (0, 1))
        x.reshape(x)
        """,
        x="normal(2, 3)",
        v="normal(3)",
        s="normal()",
        b="normal(2, 3, 4)",
    ),
    # Dims out of range, or twice.
    *each(
        """
        {f}(x, 2)
        {f}(x, -3)
        {f}(x, dim=5)
        """,
        "sum mean prod max min amax amin argmax argmin var std cumsum cumprod softmax log_softmax"
        " logsumexp",
        x="normal(2, 3)",
    ),
    *each(
        """
        {f}(x, (0, 0))
        {f}(x, (0, -2))
        {f}(x, (0, 2))
        """,
        "sum mean amax amin var std logsumexp",
        x="normal(2, 3)",
    ),
    *each(
        """
        {f}(s, 1)
        {f}(s, -2)
        """,
        "sum mean prod amax argmax cumsum softmax var",
        s="normal()",
    ),
    *group(
        """
        norm(x, dim=2)
        norm(x, 2, (0, 0))
        norm(x, 3, dim=-3)
        linalg.vector_norm(x, dim=2)
        """,
        x="normal(2, 3)",
    ),
    # Reductions of nothing that have no value.
    *each("{f}(z)", "max min argmax argmin amax amin", z="normal(0, 3)"),
    *each("{f}(z, 0)", "max min argmax argmin amax amin", z="normal(0, 3)"),
    *group(
        """
        norm(z, inf)
        norm(z, -inf)
        norm(z, inf, dim=0)
        """,
        z="normal(0, 3)",
    ),
    # Indices.
    *group(
        """
        x[2]
        x[-3]
        x[0, 3]
        x[:, 3]
        x[:, -4]
        x[0, 0, 0]
        x[..., 0, 0, 0]
        x[0][0][0]
        x[[2]]
        x[[-3]]
        x[[0, 1], [0, 3]]
        x[[0, 1], [0, 1, 2]]
        x[:, [3]]
        x[k]
        x[::0]
        x[::-1]
        x[:, ::-2]
        x[1.5]
        x[x]
        x[0.0:1]
        x[mask]
        x[:, mask]
        x[tensor([True, False, True])]
        x[[True, False, True]]
        x['a']
        s[0]
        s[:]
        s[[0]]
        gather(x, 2, [[0]])
        gather(x, 1, [[3]])
        gather(x, 0, [[2]])
        gather(x, 1, [[-1]])
        gather(x, 1, [0])
        gather(x, 1, [[0], [0], [0]])
        gather(x, 1, [[0.0]])
        """,
        x="normal(2, 3)",
        k="ints(2; 5..6)",
        mask="bools(4)",
        s="normal()",
    ),
    # einsum.
    *group(
        """
        einsum('ij,jk->ik', x, x)
        einsum('ij->k', x)
        einsum('ij->ii', x)
        einsum('ijk->i', x)
        einsum('i->i', x)
        einsum('ij,jk->ik', x)
        einsum('ij->i', x, x)
        einsum('ii->i', x)
        einsum('i1->i', x)
        einsum('..ij->ij', x)
        einsum('i.j->ij', x)
        einsum('......->', x)
        einsum('ij->......', x)
        """,
        x="normal(2, 3)",
    ),
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
        cross_entropy(s, tensor(0))
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
        s="normal()",
    ),
    # Matrices that have no answer.
    *group(
        """
        inv(A)
        linalg.solve(A, v)
        linalg.cholesky(A)
        """,
        A=[[1.0, 1.0], [1.0, 1.0]],
        v=[1.0, 2.0],
    ),
    *group(
        """
        linalg.cholesky(A)
        linalg.cholesky(-A)
        """,
        A=[[-1.0, 0.0], [0.0, 2.0]],
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
    # Putting in place and masks.
    *group(
        """
        scatter(x, 1, k, y.float())
        scatter(x, 1, k, y[:1])
        scatter(x, 1, k, s)
        scatter(x, 1, k + 2, y)
        scatter(x, 1, k - 1, 2)
        scatter(x, 1, k, y, reduce='mean')
        scatter_reduce(x, 1, k, y, 'add')
        take_along_dim(x, k[0], 1)
        take_along_dim(x, k.int(), 1)
        index_select(x, 1, k)
        index_select(x, 1, k[0] - 1)
        index_add(x, 1, k[0], y[:1])
        index_add(x, 1, k[0], y.float())
        index_copy(x, 1, k[0].int(), y)
        index_copy(x, 1, k[0, :1], y)
        index_fill(x, 1, k[0], x[0])
        index_fill(x, 1, k[0] + 5, 1)
        index_reduce(x, 1, k[0], y, 'sum')
        take(x, k + 5)
        take(x, k.int())
        put(x, k, x)
        index_put(x, (k[0],), 5.0)
        index_put(x, (k[0], k[0], k[0]), y)
        index_put(x, (k[0],), x.float())
        masked_select(x, x)
        masked_scatter(x, x > -9, y)
        masked_fill(x, x > 0, x[0])
        where(x, x, 0)
        isin(x > 0, x)
        F.one_hot(k, 2)
        F.one_hot(k - 1)
        F.one_hot(k.int())
        unravel_index(x, (2, 3))
        x[x > 0, 0]
        """,
        x="normal(2, 3)",
        y="normal(2, 2)",
        s="normal()",
        k=[[0, 2], [1, 1]],
    ),
    # Elementwise arithmetic and activations.
    *group(
        """
        addcmul(x, x, 2)
        addcmul(b, b, b)
        addcdiv(x, i, i)
        lerp(x, 2, 0.5)
        lerp(x, f, 0.5)
        lerp(i, i, 1)
        hypot(x, 2)
        hypot(i, i)
        logaddexp(i, i)
        logaddexp2(x, 2)
        ldexp(x, 2)
        ldexp(x, b)
        fmax(x, 2)
        fmin(2, x)
        clamp_max(u, 300)
        nextafter(i, i)
        copysign(2, x)
        heaviside(x, 0.5)
        heaviside(i, x)
        frexp(i)
        gcd(i, 2)
        gcd(x, x)
        lcm(b, b)
        bitwise_left_shift(x, i)
        bitwise_right_shift(b, b)
        fill(x, x)
        fill(i, x.sum())
        special.round(i)
        imag(x)
        F.relu6(b)
        F.hardtanh(b)
        F.hardtanh(x, 1, -1)
        F.hardtanh(u)
        F.hardswish(i)
        F.hardsigmoid(i)
        F.hardshrink(i)
        F.softshrink(i)
        F.softshrink(x, -1)
        F.threshold(b, 0, 0)
        F.celu(i)
        F.celu(x, 0)
        F.selu(i)
        F.mish(i)
        F.logsigmoid(i)
        F.rrelu(i)
        F.rrelu(x, 0.3, 0.1)
        F.prelu(x, f)
        F.prelu(x, x)
        F.prelu(x, x[:, 0])
        F.prelu(x[0], x[0])
        F.glu(x)
        F.glu(x.sum())
        F.glu(i)
        F.softmin(i, 0)
        torch.softmax(x)
        F.normalize(i)
        F.cosine_similarity(i, i)
        F.one_hot(i, 2)
        F.one_hot(-i)
        F.one_hot(i[:0])
        F.one_hot(i, 0)
        F.one_hot(x)
        F.one_hot(u)
        F.dropout(x, 1.5, False)
        F.dropout1d(x[0], 0.5, False)
        F.alpha_dropout(x, -0.1)
        torch.dropout(x, 0.5)
        torch.feature_dropout(x, 2.0, False)
        """,
        x="normal(2, 3)",
        f="normal(3) float32",
        i="ints(3; 1..5)",
        u="ints(3; 1..5) uint8",
        b="bools(3)",
    ),
    # Sorting, ranks, differences, covariance, quantiles, counts and searches.
    *group(
        """
        torch.sort(x, 0, False, stable=True)[0]
        torch.sort(x, 0, stable=True)[0]
        torch.argsort(x, 0, True, True)
        torch.argsort(x, 1, stable=True)
        torch.sort(z, 1)
        torch.sort(x, 2)
        x.topk(5)[0]
        x.topk(-1)[0]
        i.topk(3, 0)
        b.topk(2)
        x.kthvalue(0).values
        x.kthvalue(5)
        u.mode()
        u.median(0)
        b.median()
        x.median(5)
        x.median(keepdim=True)
        x.median(dim=None)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        z="normal()",
        b="bools(5)",
        u=("float64", []),
    ),
    *group(
        """
        x.nansum(dtype=torch.int64)
        i.nanmean()
        i.nanmean(dtype=torch.float64)
        x.count_nonzero(keepdim=True)
        x.cummax()
        x.cummax(2)
        i.logcumsumexp(1)
        b.logcumsumexp(0)
        x.aminmax(0)
        u.aminmax()
        v.aminmax(dim=1)
        torch.var_mean(i)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        b="bools(5)",
        u=("float64", []),
        v=("float64", [[], []]),
    ),
    *group(
        """
        b.topk(2)
        b.kthvalue(2)
        """,
        b="bools(5)",
    ),
    *group(
        """
        torch.diff(x, -1)
        z.diff()
        torch.diff(x, prepend=a)
        torch.gradient(x, spacing=[2.])
        torch.gradient(x, edge_order=3)
        torch.gradient(o)
        torch.trapezoid(x, p)
        torch.trapezoid(x[0], x)
        torch.trapezoid(b)
        torch.trapezoid(z)
        torch.trapezoid(x, a)
        torch.cov(x, aweights=j)
        torch.cov(x, fweights=s)
        torch.cov(x, fweights=j[1:])
        torch.cov(b)
        torch.cov(w)
        torch.corrcoef(w)
        """,
        x="normal(3, 4)",
        p="normal(3, 1)",
        z="normal()",
        b="bools(5)",
        w="normal(2, 3, 2)",
        o="normal(1)",
        a="normal(5)",
        s="positive(4)",
        j=("int64", [2, 1, 3, 1]),
    ),
    *group(
        """
        torch.dist(i, i)
        torch.dist(u, u, inf)
        torch.dist(x, 2)
        torch.dist(b, b)
        a.renorm(2, 0, 0.5)
        i.renorm(2, 0, 0.5)
        x.renorm(-1, 0, 0.5)
        x.renorm(2, 0, -0.5)
        x.renorm(2, 2, 0.5)
        """,
        x="normal(3, 4)",
        a="normal(4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        u=("float64", []),
        b="bools(5)",
    ),
    *group(
        """
        torch.quantile(x, 0.4, dim=1, interpolation='cubic')
        torch.quantile(x, t)
        torch.quantile(x, m)
        torch.quantile(x, bad)
        torch.quantile(x, 1.5)
        torch.quantile(x, -0.1)
        torch.quantile(i, 0.5)
        torch.quantile(u, 0.5)
        """,
        x="normal(3, 4)",
        i=[[3, 1, 2, 3], [2, 2, 9, 1]],
        u=("float64", []),
        t=("float32", [0.3, 0.7]),
        m=[[0.1, 0.2]],
        bad=[0.5, 1.5],
    ),
    *group(
        """
        torch.histc(i, 4)
        torch.histc(n, 4)
        torch.histc(x, 0)
        torch.histc(x, 4, 3, 1)
        torch.histogram(i, 4)
        torch.histogram(n, 5)
        torch.bincount(x)
        torch.bincount(i-2)
        torch.bincount(p)
        torch.bincount(i, w[:2])
        torch.bincount(b)
        torch.bincount(i, minlength=-1)
        z.unique(dim=0)
        y[:, :0].unique(dim=0)
        torch.searchsorted(s, x, side='left', right=True)
        torch.searchsorted(s, x, side='middle')
        torch.searchsorted(s[None], x)
        torch.searchsorted(s[None], 2.)
        torch.searchsorted(r, v[0])
        torch.searchsorted(un, x, sorter=un)
        torch.searchsorted(z, x)
        torch.bucketize(x, s[None])
        torch.isin(b, b)
        torch.isin(2, 2)
        """,
        x=[1.0, 3.0, 2.0, 3.0, 5.0],
        i=("int64", [1, 3, 3, 0]),
        n=[1.0, nan, 2.0, 1.0, nan],
        s=[1.0, 2.0, 2.0, 5.0],
        y="normal(3, 4)",
        p=[[1, 1], [1, 1], [2, 0]],
        z="normal()",
        w="normal(4)",
        r=[[1.0, 3.0, 5.0, 7.0, 9.0], [2.0, 4.0, 6.0, 8.0, 10.0]],
        v=[[3.0, 6.0, 9.0], [3.0, 6.0, 9.0]],
        b="bools(5)",
        un=[3.0, 1.0, 2.0],
    ),
    *group(
        """
        x.max((0, 1))
        torch.min(x, (0, 1))
        b.dist(x)
        torch.isin(b, 0)
        torch.searchsorted(b[0], b)
        """,
        x="normal(2, 3)",
        b="bools(2, 3)",
    ),
    # Special functions.
    *each(
        "{f}(h)",
        "special.erfcx special.ndtri special.log_ndtr special.bessel_j0 special.airy_ai"
        " special.scaled_modified_bessel_k1",
        h="unit(3) float16",
    ),
    *group(
        """
        polygamma(-1, x)
        polygamma(1.5, x)
        polygamma(x, 1.5)
        x.polygamma(x)
        mvlgamma(x, 0)
        mvlgamma(m, 2)
        x.mvlgamma()
        special.round(i)
        special.round(x, 1)
        special.zeta(h, 2)
        special.hermite_polynomial_h(h, 2)
        special.legendre_polynomial_p(x)
        igamma(i, i)
        igammac(i, i)
        igamma(x)
        xlogy(x)
        xlogy(x, v)
        special.zeta(x, v)
        logit(x, x)
        erfinv(x, 1)
        """,
        x="positive(3)",
        v="positive(2)",
        i="ints(3; 1..3)",
        m="bools(3)",
        h="positive(3) float16",
    ),
]
