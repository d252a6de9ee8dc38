"""Matrices: diagonals, triangles, trace, determinants, inverses, equations, Cholesky factors."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    *group(
        """
        diag(v)
        torch.diag(v)
        v.diag()
        diag(v, 1)
        diag(v, diagonal=-2)
        diag(x)
        x.diag()
        diag(x, 1)
        diag(x, -1)
        diag(x, 5)
        diag(diag(v))
        diag(v) @ x.T
        diag(x).sum()
        diag(x @ x.T)
        np.diag(v)
        diagonal(x)
        torch.diagonal(x)
        x.diagonal()
        diagonal(x, 1)
        x.diagonal(-1)
        diagonal(x, offset=1)
        diagonal(x, 5)
        diagonal(x, 0, 1, 0)
        diagonal(b)
        diagonal(b, 0, 1, 2)
        diagonal(b, 1, -2, -1)
        b.diagonal(dim1=1, dim2=2)
        b.diagonal(offset=-1, dim1=0, dim2=2)
        diagonal(b, dim1=-1, dim2=0)
        diagonal(x) * 2
        diagonal(x.T)
        tril(x)
        triu(x)
        torch.tril(x)
        x.triu()
        tril(x, 1)
        tril(x, -1)
        x.tril(diagonal=1)
        triu(x, 1)
        triu(x, diagonal=-1)
        triu(x, 5)
        tril(x, -5)
        tril(b)
        triu(b, 1)
        b.triu(-1)
        tril(x) + triu(x, 1) - x
        tril(x) @ x.T
        tril(x.T)
        np.triu(x, 1)
        trace(x)
        x.trace()
        torch.trace(x)
        trace(x @ x.T)
        trace(x.T)
        trace(x) * x
        """,
        v="normal(3)",
        x="normal(2, 3)",
        b="normal(2, 3, 4)",
    ),
    *group(
        """
        diag(v)
        v.diag(1)
        """,
        v="normal(0)",
    ),
    *group(
        """
        diag(z)
        diagonal(z)
        tril(z)
        trace(z)
        """,
        z="normal(0, 3)",
    ),
    *group(
        """
        diag(v)
        trace(v.reshape(1, 1))
        """,
        v="normal(1)",
    ),
    *group(
        """
        det(A)
        torch.det(A)
        linalg.det(A)
        torch.linalg.det(A)
        np.linalg.det(A)
        A.det()
        det(A.T)
        det(2 * A)
        det(A) * A
        det(A @ A)
        det(A)^2
        log(abs(det(A)))
        det(S)
        det(S - A)
        logdet(S)
        torch.logdet(S)
        S.logdet()
        logdet(S) - log(det(S))
        logdet(S + S.T)
        slogdet(A)[1]
        slogdet(A)[0]
        torch.slogdet(A)[1]
        linalg.slogdet(A)[1]
        A.slogdet()[1]
        slogdet(A).logabsdet
        slogdet(A).sign
        linalg.slogdet(A).logabsdet * 2
        slogdet(A)[0] * slogdet(A)[1]
        slogdet(A)[0] * exp(slogdet(A)[1]) - det(A)
        slogdet(-S)[1]
        slogdet(A)
        linalg.slogdet(S)
        inv(A)
        linalg.inv(A)
        torch.linalg.inv(A)
        torch.inverse(A)
        A.inverse()
        inv(A).sum()
        inv(A) @ A
        inv(A) @ v
        inv(A.T)
        inv(inv(A))
        inv(S)
        inv(A)[0, 1]
        trace(inv(S))
        det(A) * inv(A).T
        v @ inv(S) @ v
        linalg.solve(A, v)
        solve(A, v)
        torch.linalg.solve(A, v)
        linalg.solve(A, X)
        linalg.solve(A, A)
        linalg.solve(A.T, v)
        linalg.solve(A, v).sum()
        linalg.solve(A, X.T, left=False)
        linalg.solve(A, ones(3))
        linalg.solve(eye(3) * 2, v)
        linalg.solve(A, eye(3)) - inv(A)
        linalg.solve(S, A @ v)
        A @ linalg.solve(A, v) - v
        v @ linalg.solve(S, v)
        linalg.solve(A, v[:, None])
        linalg.cholesky(S)
        torch.linalg.cholesky(S)
        torch.cholesky(S)
        S.cholesky()
        linalg.cholesky(S, upper=True)
        cholesky(S, upper=True)
        linalg.cholesky(S).sum()
        linalg.cholesky(S) @ linalg.cholesky(S).T
        linalg.cholesky(S).mT
        2 * log(diagonal(linalg.cholesky(S))).sum()
        linalg.cholesky(S + S.T)
        linalg.cholesky(A @ A.T)
        linalg.cholesky(S)[1, 0]
        linalg.solve(linalg.cholesky(S), v)
        """,
        A="matrix(3)",
        S="posdef(3)",
        v="normal(3)",
        X="normal(3, 2)",
    ),
    *group(
        """
        det(B)
        logdet(T)
        slogdet(B)[1]
        slogdet(B)[0]
        inv(B)
        inv(B) @ B
        linalg.solve(B, X)
        linalg.solve(B, v)
        linalg.solve(B, V)
        linalg.solve(B, Y)
        linalg.solve(A, Y)
        linalg.solve(B[:, None], Y)
        linalg.solve(B, Y.mT, left=False)
        linalg.cholesky(T)
        linalg.cholesky(T, upper=True)
        det(B).sum()
        det(B)[0]
        trace(B[0])
        """,
        A="matrix(3)",
        B="matrix(2, 3)",
        T="posdef(2, 3)",
        v="normal(3)",
        V="normal(2, 3)",
        X="normal(3, 2)",
        Y="normal(2, 3, 2)",
    ),
    *each("{f}(A)", "det inv linalg.cholesky trace logdet", A="posdef(1)"),
    *each("{f}(A)", "det inv linalg.cholesky trace logdet", A="posdef(2)"),
    *each("{f}(A)", "det inv linalg.cholesky trace", A="posdef(4)"),
    *each("{f}(A)", "det inv linalg.cholesky", A="posdef(0, 3)"),
    *each("{f}(A)", "det inv linalg.cholesky trace logdet", A="normal(0, 0)"),
    *each("{f}(A)", "det inv trace", A="posdef(3) float32"),
    *group("linalg.solve(A, v)", A="matrix(3) float32", v="normal(3) float32"),
]
