"""Linear systems by their factors, pseudoinverses, least squares, ranks and condition numbers."""

from __future__ import annotations

from tests.oracle.cases import Case, Specification, group
from tests.oracle.table_factorization import MATRICES, PIVOTS

SIDES: dict[str, Specification] = {
    "U": "normal(2, 3, 1)",
    "V": "normal(2, 3)",
    "u": "normal(2)",
    "W": "normal(2, 1)",
    "ff": "normal(3, 1) float32",
    "O": [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]],
}

CASES: list[Case] = [
    *group(
        """
        linalg.solve_triangular(A, X, upper=True)
        linalg.solve_triangular(A, X, upper=False)
        linalg.solve_triangular(A, X, upper=True, unitriangular=True)
        linalg.solve_triangular(A, X.T, upper=True, left=False)
        linalg.solve_triangular(A, w, upper=False, left=False, unitriangular=True)
        linalg.solve_triangular(A, y, upper=False)
        linalg.solve_triangular(B, X, upper=False)
        linalg.solve_triangular(B, y, upper=True)
        linalg.solve_triangular(A, v[:, None], upper=True)
        linalg.solve_triangular(A.T, X, upper=True)
        linalg.solve_triangular(A, f, upper=True)
        torch.triangular_solve(X, A)
        torch.triangular_solve(X, A)[0]
        torch.triangular_solve(X, A).cloned_coefficient
        torch.triangular_solve(X, A, upper=False)[0]
        torch.triangular_solve(X, A, False, True)[0]
        torch.triangular_solve(X, A, transpose=True).solution
        torch.triangular_solve(X, A, unitriangular=True).solution
        torch.triangular_solve(X, A, True, True, True)[0]
        X.triangular_solve(A)[0]
        torch.triangular_solve(y, A)[0]
        torch.triangular_solve(y, A)[1]
        torch.triangular_solve(X, B)[0]
        t = torch.triangular_solve(X, A); t[0].sum() + t[1].sum()
        torch.cholesky_solve(X, A)
        torch.cholesky_solve(X, A, True)
        torch.cholesky_solve(X, A, upper=True)
        cholesky_solve(X, linalg.cholesky(S))
        X.cholesky_solve(linalg.cholesky(S))
        X.cholesky_solve(input2=A)
        torch.cholesky_solve(y, A)
        torch.cholesky_solve(X, B)
        torch.cholesky_inverse(A)
        torch.cholesky_inverse(A, True)
        torch.cholesky_inverse(B)
        A.cholesky_inverse(upper=True)
        cholesky_inverse(linalg.cholesky(S))
        torch.linalg.lu_solve(A, p, X)
        linalg.lu_solve(A, p, X, adjoint=True)
        linalg.lu_solve(A, p, X.T, left=False)
        linalg.lu_solve(A, p, w, left=False, adjoint=True)
        linalg.lu_solve(A, p, y)
        linalg.lu_solve(B, p2, X)
        linalg.lu_solve(B, p2, y)
        linalg.lu_solve(B, p2, y, adjoint=True)
        linalg.lu_solve(LU=A, pivots=p, B=X)
        torch.lu_solve(X, A, p)
        X.lu_solve(A, p)
        torch.lu_solve(X, B, p2)
        torch.lu_solve(X, LU_data=A, LU_pivots=p)
        g = linalg.lu_factor(A); linalg.lu_solve(g[0], g[1], X)
        g = torch.lu(A); torch.lu_solve(X, g[0], g[1])
        g = linalg.lu_factor(A); linalg.lu_solve(g.LU, g.pivots, X, adjoint=True)
        """,
        **MATRICES,
        **PIVOTS,
    ),
    *group(
        """
        linalg.pinv(x)
        linalg.pinv(w)
        linalg.pinv(A)
        linalg.pinv(y)
        linalg.pinv(f)
        linalg.pinv(O)
        linalg.pinv(S, hermitian=True)
        linalg.pinv(A, hermitian=True)
        linalg.pinv(x, 0.5)
        linalg.pinv(x, rcond=0.9)
        linalg.pinv(x, rtol=0.9)
        linalg.pinv(x, atol=0.5)
        linalg.pinv(x, atol=2.0, rtol=0.1)
        linalg.pinv(x, atol=1.5)
        linalg.pinv(y, atol=tensor([0.1, 2.0]))
        linalg.pinv(y, rtol=tensor([0.1, 0.9]))
        linalg.pinv(y, rcond=tensor([0.1, 0.9]))
        linalg.pinv(y, tensor(0.2))
        linalg.pinv(S, 0.1, True)
        torch.pinverse(x)
        torch.pinverse(x, 0.9)
        torch.pinverse(x, rcond=0.9)
        x.pinverse()
        w.pinverse(1e-5)
        linalg.pinv(z)
        linalg.pinv(x) @ X
        linalg.pinv(v[:, None])
        linalg.matrix_rank(x)
        linalg.matrix_rank(y)
        linalg.matrix_rank(O)
        linalg.matrix_rank(x, 0.5)
        linalg.matrix_rank(x, tol=1.5)
        linalg.matrix_rank(x, atol=1.5)
        linalg.matrix_rank(x, rtol=0.9)
        linalg.matrix_rank(y, atol=1.0, rtol=0.2)
        linalg.matrix_rank(y, tensor([0.1, 2.0]))
        linalg.matrix_rank(S, hermitian=True)
        linalg.matrix_rank(S, 1.5, True)
        linalg.matrix_rank(z)
        linalg.cond(A)
        linalg.cond(x)
        linalg.cond(w)
        linalg.cond(y)
        linalg.cond(A, 2)
        linalg.cond(A, p=-2)
        linalg.cond(A, 'nuc')
        linalg.cond(B, p='nuc')
        linalg.cond(Af)
        linalg.cond(A).log()
        linalg.cond(z)
        linalg.cond(A.detach(), 1)
        linalg.cond(A.detach(), -1)
        linalg.cond(A.detach(), inf)
        linalg.cond(A.detach(), -inf)
        linalg.cond(A.detach(), 'fro')
        linalg.cond(B.detach(), 1)
        linalg.cond(O[:2].detach(), 1)
        linalg.cond(O[:2].detach(), 'fro')
        """,
        **MATRICES,
        **SIDES,
    ),
    *group(
        """
        linalg.lstsq(x, X)
        linalg.lstsq(x, X)[0]
        linalg.lstsq(x, X).solution
        linalg.lstsq(x, X).rank
        linalg.lstsq(x, X).residuals
        linalg.lstsq(x, v)[0]
        linalg.lstsq(A, X).solution
        linalg.lstsq(A, v).solution
        linalg.lstsq(w, W).solution
        linalg.lstsq(w, u).solution
        linalg.lstsq(y, U).solution
        linalg.lstsq(y, V).solution
        linalg.lstsq(y, V, driver='gels')
        linalg.lstsq(y, U, driver='gelsd').residuals
        linalg.lstsq(y, U, driver='gelss').singular_values
        linalg.lstsq(x, X, driver='gels')
        linalg.lstsq(x, X, driver='gels').residuals
        linalg.lstsq(x, v, driver='gels')[1]
        linalg.lstsq(x, v, driver='gels')[0]
        linalg.lstsq(x, X, driver='gelss')
        linalg.lstsq(x, X, 0.9).rank
        linalg.lstsq(O, X).solution
        linalg.lstsq(O, X).rank
        linalg.lstsq(f, ff)
        linalg.lstsq(f, ff)[0]
        linalg.lstsq(input=x, b=X)[0]
        r = linalg.lstsq(x, X, driver='gels'); r[0].sum() + r[1].sum()
        x @ linalg.lstsq(x, X).solution
        """,
        **MATRICES,
        **SIDES,
    ),
    # The factors of symmetric matrices, with pivots of one row and of two.
    *group(
        """
        linalg.ldl_factor(P)
        linalg.ldl_factor(I)
        linalg.ldl_factor(I).LD
        linalg.ldl_factor(I)[1]
        linalg.ldl_factor(T)
        linalg.ldl_factor(T, hermitian=True).pivots
        linalg.ldl_factor(A + A.T)
        linalg.ldl_factor(A)
        linalg.ldl_factor(BB)
        linalg.ldl_factor(ff).LD
        linalg.ldl_factor(P[:0, :0])
        linalg.ldl_factor_ex(I)
        linalg.ldl_factor_ex(Z)
        linalg.ldl_factor_ex(T, check_errors=True)[2]
        linalg.ldl_factor_ex(BB).info
        g = linalg.ldl_factor(P); linalg.ldl_solve(g.LD, g.pivots, X)
        g = linalg.ldl_factor(I); linalg.ldl_solve(g[0], g[1], X)
        g = linalg.ldl_factor(I); linalg.ldl_solve(g[0], g[1], Y)
        g = linalg.ldl_factor(T); linalg.ldl_solve(g[0], g[1], t, hermitian=True)
        g = linalg.ldl_factor(BB); linalg.ldl_solve(g[0], g[1], X)
        g = linalg.ldl_factor(BB); linalg.ldl_solve(g[0], g[1], Y)
        g = linalg.ldl_factor(ff); linalg.ldl_solve(LD=g[0], pivots=g[1].long(), B=f)
        """,
        P=[[4.0, 1.0, 2.0], [1.0, 3.0, 0.5], [2.0, 0.5, 5.0]],
        I=[[0.0, 2.0, 1.0], [2.0, 0.0, 3.0], [1.0, 3.0, 1.0]],
        T=[
            [0.0, 1.0, -2.0, 3.0, 0.5],
            [1.0, 0.1, 0.0, 1.0, 2.0],
            [-2.0, 0.0, 0.0, 4.0, 1.0],
            [3.0, 1.0, 4.0, 0.0, -1.0],
            [0.5, 2.0, 1.0, -1.0, 0.2],
        ],
        A="normal(4, 4)",
        BB="normal(2, 3, 3)",
        ff="normal(3, 3) float32",
        Z=[[0.0, 0.0], [0.0, 0.0]],
        X="normal(3, 2)",
        Y="normal(2, 3, 1)",
        t="normal(5, 2)",
        f="normal(3, 1) float32",
    ),
]
