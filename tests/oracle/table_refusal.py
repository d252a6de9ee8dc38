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
    # Products, distances, einsum and losses.
    *group(
        """
        addmm(2, x, q)
        addmm(x, x, q)
        addmm(v, x, q)
        addmm(M, x, x)
        addmm(M, x, v)
        addmm(M.float(), x, q)
        addmm(M, x.float(), q)
        addmm(bm, bm, bm)
        addmv(w, x, w)
        addmv(w, v, x)
        addr(x, v, w)
        addr(x, x, v)
        addbmm(D, B, x)
        addbmm(E, B, C)
        baddbmm(E, B, C[:1])
        baddbmm(E.mT, B, C)
        """,
        x="normal(2, 3)",
        M="normal(2, 2)",
        q="normal(3, 2)",
        v="normal(3)",
        w="normal(2)",
        bm="bools(2, 2)",
        D="normal(2, 4)",
        B="normal(2, 2, 3)",
        C="normal(2, 3, 4)",
        E="normal(2, 2, 4)",
    ),
    *group(
        """
        vdot(v, w)
        vdot(x, y)
        vdot(v, ib)
        vdot(bb, bb)
        dot(bb, bb)
        dot(v, ib)
        inner(x, 2)
        inner(x, q)
        inner(x, x1)
        inner(x1, x)
        inner(i, x)
        outer(x, v)
        linalg.vecdot(x, y, dim=2)
        linalg.vecdot(i, i)
        linalg.vecdot(x, i)
        linalg.vecdot(x, q)
        linalg.vecdot(x, y, 0)
        kron(x.T, q)
        kron(x, 2)
        torch.cross(x, y, dim=0)
        cross(x, v)
        cross(i, x)
        cross(f, x)
        cross(s, s)
        cross(M, M)
        cross(x, M)
        cross(bb, bb)
        cross(bx, bx)
        cross(x, x1)
        linalg.cross(x, y, 1)
        linalg.cross(x, v)
        linalg.cross(x, q)
        trace(B)
        trace(bx)
        mm(bx, bx.T)
        bmm(B, C[:1])
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        M="normal(2, 2)",
        q="normal(3, 2)",
        v="normal(3)",
        w="normal(2)",
        s="normal()",
        x1="normal(2, 1)",
        i="ints(2, 3;-3..3)",
        ib="ints(3;-3..3)",
        bb="bools(3)",
        bx="bools(2, 3)",
        f="normal(2, 3) float32",
        B="normal(2, 2, 3)",
        C="normal(2, 3, 4)",
    ),
    *group(
        """
        tensordot(x, q)
        tensordot(x, y, ([0, 1], [1, 0]))
        tensordot(x, y, (1, 1))
        tensordot(x, y, [1, 1])
        tensordot(x, y, ([0], [1]))
        tensordot(x, y, ([0, 0], [0, 0]))
        tensordot(x, y, ([0, 1], [0]))
        tensordot(x, y, ([5], [0]))
        tensordot(x, y, 3)
        tensordot(x, y, -1)
        tensordot(x, y, 1.5)
        tensordot(i, x)
        chain_matmul(x, q, M, x, v)
        chain_matmul(x, v)
        chain_matmul(x, x)
        linalg.multi_dot([x])
        linalg.multi_dot([x, v, q])
        linalg.multi_dot([x, x])
        linalg.multi_dot([i, q])
        linalg.multi_dot([s, x])
        linalg.matrix_power(A=A, n=6)
        matrix_power(x, 2)
        matrix_power(v, 2)
        matrix_power(I, -1)
        matrix_power(A, 2.0)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        M="normal(2, 2)",
        q="normal(3, 2)",
        v="normal(3)",
        s="normal()",
        i="ints(2, 3;-3..3)",
        A="matrix(3)",
        I="ints(3, 3;-3..3)",
    ),
    *group(
        """
        addr(n, ia, ia, beta=0.5)
        addr(n, ia, ia, beta=2, alpha=3.5)
        mv(bm, bm[0])
        bmm(bm[None], bm[None])
        bm@bm
        bm@bm[0]
        bm[None]@bm[None]
        addmv(bm[0], bm, bm[0])
        addbmm(bm, bm[None], bm[None])
        """,
        n="ints(2, 2;-3..3)",
        ia="ints(2;-3..3)",
        bm="bools(2, 2)",
    ),
    *group(
        """
        cdist(x, y, -1)
        cdist(x, y, nan)
        cdist(x, y, 2, 'other')
        cdist(x, y, 2, 0)
        cdist(x, y, 2, None)
        cdist(x, q)
        cdist(v, x)
        cdist(x, v)
        cdist(i, i)
        cdist(x, i)
        cdist(x, f)
        cdist(C, B)
        pdist(v)
        pdist(i)
        pdist(B)
        pdist(A, -1)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        q="normal(2, 2)",
        v="normal(3)",
        B="normal(2, 2, 3)",
        C="normal(3, 2, 3)",
        i="ints(2, 3;-3..3)",
        f="normal(2, 3) float32",
        A="normal(4, 3)",
    ),
    *group(
        """
        einsum(x, [0, 52])
        einsum(x, [0, -1])
        einsum(x, [0])
        einsum(x, [0, 1], [2])
        einsum('ij...,j...->i...',B,x.T)
        einsum('bn,anm,bm->ba',x,B,x)
        einsum('ij->jk',x)
        einsum('ij->jj',x)
        einsum('ij->i,j',x)
        einsum('ij,jk->ik',x)
        einsum('ij',x,y)
        einsum('ijk',x)
        einsum('i',x)
        einsum('i1',x)
        einsum('ij-ji',x)
        einsum('ij>ji',x)
        einsum('ij->ji->ij',x)
        einsum('i..j',x)
        einsum('..ij',x)
        einsum('...i...j',x)
        einsum('ij,jk->ik',x,y)
        einsum('ii',x)
        einsum('ij,ij',x,q)
        einsum('ij,jk->ik',i,q)
        einsum('ij,jk->ik',f,q)
        x.einsum('ij->ji')
        einsum('ij,j',x,2)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        q="normal(3, 2)",
        B="normal(2, 2, 3)",
        i="ints(2, 3;-3..3)",
        f="normal(2, 3) float32",
    ),
    *group(
        """
        binary_cross_entropy(a, c, w)
        binary_cross_entropy(a, c, ones(4, 2, 3))
        binary_cross_entropy(a, c, ones(2))
        binary_cross_entropy(a, c, reduction='avg')
        binary_cross_entropy(a, row)
        binary_cross_entropy(a, i)
        binary_cross_entropy(a, f)
        binary_cross_entropy(x, c)
        binary_cross_entropy(2*a, c)
        binary_cross_entropy(nn, yes)
        F.binary_cross_entropy_with_logits(x, c, w)
        F.binary_cross_entropy_with_logits(x, c, pos_weight=w)
        F.binary_cross_entropy_with_logits(x, c, ones(4, 2, 3))
        F.binary_cross_entropy_with_logits(x, c, pos_weight=ones(4, 2, 3))
        F.binary_cross_entropy_with_logits(x, c, reduction='avg')
        F.binary_cross_entropy_with_logits(x, row)
        F.binary_cross_entropy_with_logits(x, i)
        F.binary_cross_entropy_with_logits(i, c)
        soft_margin_loss(x, y)
        soft_margin_loss(v, pm)
        soft_margin_loss(x, pm, reduction='avg')
        soft_margin_loss(i, pm)
        multilabel_soft_margin_loss(x, c, reduction='avg')
        multilabel_soft_margin_loss(s, s)
        multilabel_soft_margin_loss(i, c)
        multilabel_soft_margin_loss(x, bo)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        a=[[0.1, 0.9, 0.4], [0.25, 0.6, 0.75]],
        c=[[0.2, 0.3, 1.0], [0.0, 0.7, 0.5]],
        w="positive(2, 3)",
        row="positive(3)",
        v="normal(3)",
        s="normal()",
        i="ints(2, 3;0..1)",
        f=("float32", [[0.1, 0.9, 0.4], [0.25, 0.6, 0.75]]),
        yes=[1.0]*5,
        nn=[float("nan"), 0.5, 0.5, 0.5, 0.5],
        pm=[[1, -1, 1], [-1, 1, 1]],
        bo="bools(2, 3)",
    ),
    *group(
        """
        F.hinge_embedding_loss(i, pm)
        F.hinge_embedding_loss(x, pm, reduction='avg')
        F.margin_ranking_loss(x, y, prow)
        F.margin_ranking_loss(x, row, pm)
        F.margin_ranking_loss(x, y, pm, reduction='avg')
        F.margin_ranking_loss(x, y, bo)
        F.cosine_embedding_loss(x, y, pm)
        F.cosine_embedding_loss(v, row, p2)
        F.cosine_embedding_loss(x, y, tensor(1))
        F.cosine_embedding_loss(x, y, p2, reduction='avg')
        F.triplet_margin_loss(x, y, t, margin=0)
        F.triplet_margin_loss(x, y, t, margin=-1)
        F.triplet_margin_loss(x, y, v)
        F.triplet_margin_loss(x, y, t, reduction='avg')
        F.triplet_margin_with_distance_loss(x, y, t, margin=0)
        F.triplet_margin_with_distance_loss(x, y, t, reduction='avg')
        F.triplet_margin_with_distance_loss(x, y, v)
        F.triplet_margin_with_distance_loss(x, y, t, 2.0)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        t="normal(2, 3)",
        v="normal(3)",
        row="normal(3)",
        i="ints(2, 3;0..3)",
        pm=[[1, -1, 1], [-1, 1, 1]],
        prow=[1, -1, 1],
        p2=[1, -1],
        bo="bools(2, 3)",
    ),
    *group(
        """
        F.kl_div(x, b, reduction='avg')
        F.kl_div(x, i, reduction='none')
        F.kl_div(i, b, reduction='none')
        F.kl_div(i, i, reduction='none')
        F.kl_div(i, i, reduction='sum')
        F.kl_div(i, i)
        F.poisson_nll_loss(x, b, reduction='avg')
        torch.poisson_nll_loss(x, b)
        F.gaussian_nll_loss(x, y, 1)
        F.gaussian_nll_loss(x, y, -0.5)
        F.gaussian_nll_loss(x, y, neg)
        F.gaussian_nll_loss(x, y, brow)
        F.gaussian_nll_loss(x, y, sb)
        F.gaussian_nll_loss(x, y, b, reduction='avg')
        F.gaussian_nll_loss(x, y, i)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        b="positive(2, 3)",
        brow="positive(3)",
        sb="positive()",
        i="ints(2, 3;0..3)",
        neg=[[-1.0, 1.0, 0.0], [0.5, -0.5, 2.0]],
    ),
    *group(
        """
        multi_margin_loss(x, k, weight=row)
        multi_margin_loss(x, k, p=3)
        multi_margin_loss(x, k, reduction='avg')
        multi_margin_loss(x, tensor([0, 3]))
        multi_margin_loss(x, tensor([0, -1]))
        multi_margin_loss(x, k.int())
        multi_margin_loss(x, row[:2])
        multi_margin_loss(x, tensor([0]))
        multi_margin_loss(v, k)
        multi_margin_loss(x, k, weight=ones(2))
        multi_margin_loss(x, k, weight=ones(2, 3))
        multi_margin_loss(x, k, weight=ones(3).float())
        multi_margin_loss(x[None], k[None])
        multi_margin_loss(i, k)
        multi_margin_loss(x[:, :0], k)
        multilabel_margin_loss(x, m, reduction='avg')
        multilabel_margin_loss(v, m[:1])
        multilabel_margin_loss(x, m.int())
        multilabel_margin_loss(x, x)
        multilabel_margin_loss(x, m[0])
        multilabel_margin_loss(x, m+9)
        multilabel_margin_loss(x, tensor([[0, -2, 1], [0, -1, 2]]))
        multilabel_margin_loss(x, tensor([[0, -1, 7], [0, -1, 2]]))
        multilabel_margin_loss(x[None], m[None])
        multilabel_margin_loss(i, m)
        multilabel_margin_loss(x[:, :0], m[:, :0])
        """,
        x="normal(2, 3)",
        row="positive(3)",
        v="normal(3)",
        k=[0, 2],
        m=[[1, 0, -1], [0, -1, 2]],
        i="ints(2, 3;0..3)",
    ),
    *group(
        """
        l1_loss(x, t, weight=row)
        l1_loss(row, x, weight=w)
        l1_loss(x, t, reduction='avg')
        l1_loss(i, j)
        l1_loss(x, q)
        mse_loss(x, t, weight=row)
        mse_loss(i, j)
        mse_loss(i, j, reduction='none')
        smooth_l1_loss(x, t, beta=-1)
        smooth_l1_loss(i, j)
        smooth_l1_loss(x, q)
        huber_loss(x, t, delta=0)
        huber_loss(x, t, delta=-1)
        huber_loss(x, t, weight=row)
        huber_loss(x, t, reduction='avg')
        huber_loss(i, x)
        huber_loss(i, j)
        """,
        x="normal(2, 3)",
        t="normal(2, 3)",
        w="positive(2, 3)",
        row="normal(3)",
        i="ints(2, 3;-3..3)",
        j="ints(2, 3;-3..3)",
        q="normal(2, 2)",
    ),
    *group(
        """
        nll_loss(x, k, w)
        nll_loss(x, k.int())
        nll_loss(x, k.double())
        nll_loss(x, (k > 0))
        nll_loss(x, tensor([0, 1, 2, 3]))
        nll_loss(x, tensor([0, 1, 2, -1]))
        nll_loss(x, k[:2])
        nll_loss(x, k, ones(2))
        nll_loss(x, k, ones(3).float())
        nll_loss(x, k, reduction='avg')
        nll_loss(v, k)
        nll_loss(B, kb[:1])
        nll_loss(i, k)
        nll_loss(s, tensor(0))
        cross_entropy(x, k, w)
        cross_entropy(x, k, w, label_smoothing=0.2)
        cross_entropy(x, p, ignore_index=1)
        cross_entropy(x, k, label_smoothing=1.5)
        cross_entropy(x, (4*p).long())
        cross_entropy(x, p[:2])
        cross_entropy(x, k.int())
        cross_entropy(x, k.double())
        cross_entropy(x, k[:1])
        cross_entropy(x, k, reduction='avg')
        cross_entropy(i, k)
        cross_entropy(s, tensor(0))
        cross_entropy(x, tensor([0, 1, 2, 5]))
        """,
        x="normal(4, 3)",
        k=[0, 2, 1, 1],
        w="positive(3)",
        p=[[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4]],
        v="normal(3)",
        B="normal(2, 3, 2)",
        kb=[[0, 1], [2, 1]],
        i="ints(4, 3;0..3)",
        s="normal()",
    ),
    # Factors, systems and functions of matrices.
    *group(
        """
        linalg.qr(v)
        linalg.qr(A, 'full')
        linalg.qr(A, 2)
        linalg.qr(n)
        linalg.svd(v)
        linalg.svd(n)
        linalg.svd(x, driver='gesvd')
        linalg.svdvals(x, driver='gesvd')
        linalg.eigh(x)
        linalg.eigh(v)
        linalg.eigh(A, 'X')
        linalg.eigh(n)
        torch.symeig(A)
        linalg.lu(A, pivot=False)
        linalg.lu(n)
        linalg.lu(v)
        torch.lu(A, pivot=False)
        linalg.lu_factor(O)
        linalg.lu_factor_ex(O, check_errors=True)
        torch.lu_unpack(A, k)
        torch.lu_unpack(A, p + 1)
        linalg.lu_solve(A, k, x)
        linalg.lu_solve(A, p, v)
        torch.lu_solve(v, A, p)
        linalg.inv_ex(x)
        linalg.inv_ex(O, check_errors=True)
        linalg.solve_ex(O, w, check_errors=True)
        linalg.cholesky_ex(-A, check_errors=True)
        linalg.solve_triangular(A, x)
        linalg.solve_triangular(A, v, upper=True)
        linalg.solve_triangular(A, w, upper=True)
        linalg.solve_triangular(x, x, upper=True)
        torch.triangular_solve(v, A)
        torch.cholesky_solve(v, A)
        cholesky_inverse(x)
        linalg.pinv(v)
        linalg.pinv(n)
        linalg.pinv(x, hermitian=True)
        linalg.matrix_rank(v)
        linalg.matrix_rank(n)
        linalg.matrix_rank(x, hermitian=True)
        torch.matrix_rank(x)
        linalg.cond(v)
        linalg.cond(n)
        linalg.cond(x, 1)
        linalg.cond(x, 'fro')
        linalg.cond(A, 3)
        linalg.cond(A, 'max')
        linalg.lstsq(x, w)
        linalg.lstsq(x, v[:2])
        linalg.lstsq(v, v)
        linalg.lstsq(n, n)
        linalg.lstsq(x, x, driver='no')
        torch.lstsq(x, x)
        linalg.norm(x, 0)
        linalg.norm(x, 3)
        linalg.matrix_norm(v)
        linalg.matrix_norm(x, 2, (0,))
        linalg.matrix_norm(x, 2, (0, 0))
        linalg.matrix_norm(n, 2)
        norm(v, 'nuc')
        norm(x, 'nuc', dim=1)
        torch.nuclear_norm(x, 0)
        torch.frobenius_norm(x)
        torch.norm_except_dim(x, 2, 5)
        matrix_exp(x)
        matrix_exp(n)
        matrix_exp(v)
        linalg.tensorinv(A, 0)
        linalg.tensorinv(x, 1)
        linalg.tensorsolve(x, v)
        linalg.householder_product(w, v[:2])
        linalg.householder_product(A, v[0])
        torch.ormqr(A, v[:2], x)
        torch.ormqr(x, v[:2], w)
        """,
        A="matrix(3)",
        x="normal(3, 2)",
        w="normal(2, 3)",
        v="normal(3)",
        n="ints(2, 2; 0..4)",
        O=[[1.0, 1.0], [1.0, 1.0]],
        p=("int32", [2, 3, 3]),
        k=[2, 3, 3],
    ),
    # Convolutions, pooling and interpolation.
    *group(
        """
        conv1d(x, x, padding='full')
        conv1d(x, x, padding='same', stride=2)
        conv1d(x, x[:, :1])
        conv1d(x, x, b)
        conv1d(x, x, groups=3)
        conv1d(x, x, stride=0)
        conv1d(x, x, padding=-1)
        conv1d(x, x, dilation=(1, 2))
        conv1d(x[:, :, :1], x)
        conv1d(x, x.float())
        conv1d(x > 0, x > 0)
        conv1d(b, x)
        conv2d(x, x)
        conv3d(x, x)
        conv_transpose1d(x, x, output_padding=1)
        conv_transpose1d(x, x[:1])
        conv_transpose1d(x.int(), x.int())
        conv_transpose2d(x, x)
        conv_tbc(x, x, b)
        F.unfold(x[0], 2)
        F.unfold(x[None], 5)
        F.unfold(x[None].long(), 2)
        F.fold(x[0], (3, 3), 2)
        F.max_pool1d(x, 5)
        F.max_pool1d(x, 2, padding=2)
        F.max_pool1d(x.long(), 2)
        F.max_pool1d(b, 2)
        F.max_pool2d(x > 0, 2)
        F.max_pool2d(x, 2, stride=0)
        F.avg_pool1d(x, 2, divisor_override=2)
        F.avg_pool2d(x, 2, divisor_override=0)
        F.avg_pool2d(x.int(), 2)
        F.avg_pool3d(x, 2)
        F.adaptive_avg_pool1d(x, (2, 2))
        F.adaptive_avg_pool1d(x, None)
        F.adaptive_avg_pool1d(x, -1)
        F.adaptive_avg_pool1d(x.long(), 2)
        F.adaptive_avg_pool2d(x, (2, 2, 2))
        F.adaptive_max_pool1d(x.long(), 2)
        F.lp_pool1d(x, 2, (2,))
        F.max_unpool1d(x, x.long(), 2, output_size=(99,))
        F.max_unpool1d(x, tensor([[[9, 9, 99]]]), 2)
        F.interpolate(x)
        F.interpolate(x, 2, 2)
        F.interpolate(x, (2, 2))
        F.interpolate(x, 2, mode='bilinear')
        F.interpolate(x, 2, mode='cubic')
        F.interpolate(x, 2, align_corners=True)
        F.interpolate(x, 2, recompute_scale_factor=True)
        F.interpolate(x, 2, mode='linear', antialias=True)
        F.interpolate(x, 0)
        F.interpolate(x, 2.5)
        F.interpolate(x[0], 2)
        F.interpolate(x.long(), 2)
        F.affine_grid(x, (2, 2, 2))
        F.affine_grid(x, (3, 1, 2, 2))
        F.affine_grid(x.long(), (2, 1, 2, 2))
        F.grid_sample(x, x)
        F.grid_sample(x[None], x[None])
        F.grid_sample(x[None], x[None, ..., :2].float())
        F.grid_sample(x[None], x[None, ..., :2], mode='linear')
        F.grid_sample(x[None], x[None, ..., :2], padding_mode='same')
        lstm_cell(x[0], (x[0], x[0]), x[0], x[0])
        gru_cell(x[0], x[0], x[0], x[0])
        rnn_tanh_cell(b, b, x[0], x[0])
        """,
        x="normal(2, 2, 3)",
        b="normal(3)",
    ),
    # Normalisations and layers.
    *group(
        """
        F.layer_norm(x, (2,))
        F.layer_norm(x, ())
        F.layer_norm(i, (3,))
        F.layer_norm(f, (3,), x[0])
        F.layer_norm(x, (3,), x)
        F.rms_norm(x, (2,))
        F.rms_norm(i, (3,))
        F.rms_norm(x, (3,), x)
        F.group_norm(x, 2)
        F.group_norm(x[0], 1)
        F.group_norm(x[:1], 3)
        F.batch_norm(x, None, None)
        F.batch_norm(x, x[0], x[1])
        F.batch_norm(x, x[0].detach(), None)
        F.batch_norm(x[:1], None, None, training=True)
        F.batch_norm(x, None, None, training=True, eps=0.0)
        F.batch_norm(x, x[0].detach(), x[1].detach(), x)
        F.batch_norm(f, x[0].detach(), x[1].detach())
        F.instance_norm(x)
        F.instance_norm(x[..., None], use_input_stats=False)
        F.linear(x, x[0], x[:, 0])
        F.linear(x, x[:, :2])
        F.linear(x, x[None])
        F.linear(x.sum(), x)
        F.linear(x, f)
        F.bilinear(x, x, x)
        F.bilinear(x, x, x[None])
        F.embedding(i, x[0])
        F.embedding(i + 9, x)
        F.embedding(-i, x)
        F.embedding(x, x)
        F.embedding_bag(i, x)
        F.embedding_bag(i, x, i)
        F.embedding_bag(i, x, i[:1] - i[0], mode='mean', per_sample_weights=x[0])
        F.embedding_bag(i, x, i[:1] - i[0], mode='min')
        F.scaled_dot_product_attention(x[0], x, x)
        F.scaled_dot_product_attention(i[None], i[None], i[None])
        F.scaled_dot_product_attention(x, f, x)
        F.scaled_dot_product_attention(x, x, x, x @ x.T, is_causal=True)
        """,
        x="normal(2, 3)",
        f="normal(2, 3) float32",
        i="ints(3; 1..1)",
    ),
    *group(
        """
        F.ctc_loss(u, t[0], 5, 3)
        F.ctc_loss(u, t[0], (5, ), (2, ), reduction='none')
        F.ctc_loss(lp, t, tensor([6, 4]), tl)
        F.ctc_loss(lp, t, tensor([5]), tl)
        F.ctc_loss(lp, t, il, tensor([4, 2]))
        F.ctc_loss(lp, t, il, tl, blank=4)
        F.ctc_loss(lp, t, il, tl, blank=-1)
        F.ctc_loss(lp, t, il.double(), tl)
        F.ctc_loss(lp, t, il, tl, reduction='avg')
        F.ctc_loss(lp, c[:4], il, tl)
        F.ctc_loss(lp[0, 0], t, il, tl)
        F.ctc_loss(lp, t[:1], il, tl)
        """,
        lp="normal(5, 2, 4)",
        t=[[1, 2, 2], [3, 1, 0]],
        tl=[3, 2],
        il=[5, 4],
        u="normal(5, 4)",
        c=[1, 2, 2, 3, 1],
    ),
    *group(
        """
        F.linear_cross_entropy(x, w, p, ignore_index=1)
        F.linear_cross_entropy(x, w, p, ignore_index=-100)
        F.linear_cross_entropy(x[0], W, k)
        F.linear_cross_entropy(x, b, k)
        F.linear_cross_entropy(x[None], w, k)
        F.linear_cross_entropy(x, w.T, k)
        F.linear_cross_entropy(x, w, k, linear_bias=x)
        F.linear_cross_entropy(x, w, k, b)
        F.linear_cross_entropy(x, w, k, reduction='avg')
        """,
        x="normal(2, 3)",
        w="normal(4, 3)",
        b="normal(4)",
        k=[0, 2],
        p=[[0.25, 0.25, 0.25, 0.25], [0.0, 1.0, 0.0, 0.0]],
        W="normal(4, 2, 3)",
    ),
    *group(
        """
        torch.histogramdd(v, [3])
        torch.histogramdd(x, [3, 3])
        torch.histogramdd(x, [3, 3, 0])
        torch.histogramdd(x, [3, 3, 3], range=[0., 1.])
        torch.histogramdd(x, [3, 3, 3], weight=v)
        torch.histogramdd(x, [v, v, x])
        torch.histogramdd(x.long(), 2)
        torch.histogramdd(x / 0, 2)
        linalg.ldl_factor(x)
        linalg.ldl_factor(v)
        linalg.ldl_factor(s.long())
        linalg.ldl_factor(s * 0)
        linalg.ldl_factor_ex(s * 0, check_errors=True)
        linalg.ldl_solve(s, k, v)
        linalg.ldl_solve(s, k, x[:1])
        linalg.ldl_solve(s, k[:1], s)
        linalg.ldl_solve(s, k, s.float())
        """,
        x="normal(2, 3)",
        v="normal(3)",
        s=[[2.0, 1.0], [1.0, 3.0]],
        k=[1, 2],
    ),
]
