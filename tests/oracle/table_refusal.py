"""What PyTorch refuses, and difftool with it: shapes, dims, indices, dtypes, arguments."""

from __future__ import annotations

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
]
