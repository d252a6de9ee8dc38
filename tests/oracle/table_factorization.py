"""Factors of matrices: QR, singular values, symmetric eigenvalues, LU; inverses that may fail.

The sign of a singular vector or an eigenvector depends on the LAPACK that computes it: what is
recorded of them does not change with it.
"""

from __future__ import annotations

from tests.oracle.cases import Case, Specification, group

MATRICES: dict[str, Specification] = {
    "x": "normal(3, 2)",
    "w": "normal(2, 3)",
    "y": "normal(2, 3, 2)",
    "A": "matrix(3)",
    "B": "matrix(2, 3)",
    "S": "posdef(3)",
    "T": "posdef(2, 3)",
    "X": "normal(3, 2)",
    "v": "normal(3)",
    "f": "normal(3, 2) float32",
    "Af": "matrix(3) float32",
    "z": "normal(0, 2)",
}
SINGULAR: dict[str, Specification] = {
    "O": [[1.0, 1.0], [1.0, 1.0]],
    "O3": [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 1.0, 2.0]],
    "N": [[4.0, 2.0, 0.0], [2.0, -1.0, 3.0], [0.0, 3.0, 5.0]],
    "N2": [[4.0, 2.0, 0.0], [2.0, 5.0, 3.0], [0.0, 3.0, -5.0]],
    "x": "normal(2, 3)",
}
PIVOTS: dict[str, Specification] = {
    "p": ("int32", [2, 3, 3]),
    "p2": ("int32", [[2, 3, 3], [1, 2, 3]]),
    "q": ("int32", [1, 1]),
    "q2": ("int32", [3, 3]),
}

QR = group(
    """
    linalg.qr(x)
    linalg.qr(x).Q
    linalg.qr(x)[1]
    linalg.qr(w).Q
    linalg.qr(w).R
    linalg.qr(A).Q
    linalg.qr(A, 'complete').R
    linalg.qr(x, mode='complete').R
    linalg.qr(x, mode='r')
    linalg.qr(x, mode='r').R
    linalg.qr(w, 'complete').Q
    linalg.qr(y).Q
    linalg.qr(y, 'r')
    torch.linalg.qr(f).R
    linalg.qr(f)[0]
    torch.qr(x)[0]
    torch.qr(x, some=False)[0]
    x.qr().R
    x.qr(False).R
    qr(w, False).R
    linalg.qr(z)
    linalg.qr(z, 'complete').R
    linalg.qr(z.T).R
    linalg.qr(z.T, 'complete').R
    np.linalg.qr(A)
    q = linalg.qr(x); q.Q @ q.R
    q = linalg.qr(w); q.Q @ q.R
    q = linalg.qr(x); q[0].sum() * q[1]
    linalg.qr(x).Q.reshape(-1)
    linalg.qr(x).Q.T.reshape(-1)
    linalg.qr(A=x).R
    """,
    **MATRICES,
)

SINGULAR_VALUES = group(
    """
    linalg.svd(x)[1]
    linalg.svd(x).S
    linalg.svd(x).U[:, :2].abs()
    linalg.svd(x).Vh.abs()
    linalg.svd(w).Vh[:2] ** 2
    linalg.svd(x, False).U.abs()
    linalg.svd(x, full_matrices=False)[2] ** 2
    linalg.svd(w, full_matrices=False)[2].abs()
    linalg.svd(w, full_matrices=False).U.abs()
    linalg.svd(y, full_matrices=False).U.abs()
    linalg.svd(y, full_matrices=False)[2] ** 2
    linalg.svd(y).S
    u = linalg.svd(x, False); u.U @ diag(u.S) @ u.Vh
    u = linalg.svd(w, False); (u.U * u.S) @ u.Vh
    u = linalg.svd(x, False); u.U[:, :1] @ u.Vh[:1]
    u = linalg.svd(x, False); u[0].abs() * u[1]
    svd(x).V.abs()
    svd(x)[1]
    torch.svd(x, False)[2].abs()
    x.svd().V ** 2
    x.svd(compute_uv=False)
    x.svd(True, False).S
    x.svd(True, False).U
    svd(w).V.abs()
    svd(y).V.abs()
    svd(f)[1]
    linalg.svd(x).U.abs()[:, :2].T.reshape(-1)
    linalg.svdvals(x)
    svdvals(y)
    linalg.svdvals(A)
    linalg.svdvals(z)
    linalg.svd(z).S
    linalg.svd(z, False)
    linalg.svdvals(f)
    linalg.svdvals(A).prod()
    linalg.svdvals(x)[0] / linalg.svdvals(x)[-1]
    linalg.svd(A=x)[1]
    """,
    **MATRICES,
)

EIGENVALUES = group(
    """
    linalg.eigh(A)[0]
    linalg.eigh(S)[0]
    linalg.eigh(S)[1].abs()
    linalg.eigh(A).eigenvalues
    linalg.eigh(A).eigenvectors.abs()
    linalg.eigh(A, 'U').eigenvalues
    linalg.eigh(A, UPLO='U').eigenvectors ** 2
    linalg.eigh(T).eigenvectors.abs()
    linalg.eigh(T).eigenvalues
    linalg.eigvalsh(A)
    linalg.eigvalsh(A, 'U')
    linalg.eigvalsh(A, UPLO='L')
    torch.linalg.eigvalsh(T)
    e = linalg.eigh(S); e[1] @ diag(e[0]) @ e[1].T
    e = linalg.eigh(S); e.eigenvectors @ diag(exp(e.eigenvalues)) @ e.eigenvectors.T
    linalg.eigh(A, 'l').eigenvalues
    linalg.eigvalsh(A)[0]
    linalg.eigvalsh(Af)
    linalg.eigh(S).eigenvectors[:, 0]**2
    """,
    **MATRICES,
)

LU = [
    *group(
        """
        linalg.lu(A)
        linalg.lu(x)
        linalg.lu(w)
        linalg.lu(B)
        linalg.lu(z)
        linalg.lu(A).P
        linalg.lu(A).L
        linalg.lu(A)[2]
        linalg.lu(x).L
        linalg.lu(x).U
        linalg.lu(w).L
        linalg.lu(w).U
        linalg.lu(y).L
        linalg.lu(y.mT).U
        linalg.lu(B).U
        linalg.lu(f)
        linalg.lu(f)[1]
        u = linalg.lu(A); u.P @ u.L @ u.U
        u = linalg.lu(w); u[0] @ u[1] @ u[2]
        linalg.lu(A).L.reshape(-1)
        linalg.lu_factor(A)
        linalg.lu_factor(A)[0]
        linalg.lu_factor(A).LU
        linalg.lu_factor(A).pivots
        linalg.lu_factor(x).LU
        linalg.lu_factor(w).LU
        linalg.lu_factor(y)
        linalg.lu_factor(y).LU
        linalg.lu_factor_ex(A)
        linalg.lu_factor_ex(A).LU
        linalg.lu_factor_ex(B)
        linalg.lu_factor_ex(B)[2]
        torch.lu(A)
        torch.lu(A)[0]
        A.lu()
        A.lu()[0]
        A.lu(get_infos=True)
        torch.lu_unpack(A, p)
        torch.lu_unpack(A, p).L
        torch.lu_unpack(A, p)[2]
        torch.lu_unpack(A, p, True, False)
        torch.lu_unpack(A, p, unpack_data=False)
        torch.lu_unpack(x, q2)
        torch.lu_unpack(x, q2).L
        torch.lu_unpack(x, q2).U
        torch.lu_unpack(B, p2)[1]
        torch.lu_unpack(w, q).U
        torch.lu_unpack(w, q).L
        torch.lu_unpack(LU_data=A, LU_pivots=p).L
        g = linalg.lu_factor(A); torch.lu_unpack(g[0], g[1])[1]
        g = linalg.lu_factor(A); torch.lu_unpack(g.LU, g.pivots).U
        """,
        **MATRICES,
        **PIVOTS,
    ),
    *group("linalg.lu(O)\n linalg.lu_factor_ex(O)\n torch.lu(O, get_infos=True)", **SINGULAR),
]

UNCHECKED = [
    *group(
        """
        linalg.inv_ex(A)
        linalg.inv_ex(A).inverse
        linalg.inv_ex(A)[0]
        linalg.inv_ex(A).info
        linalg.inv_ex(B)
        linalg.inv_ex(B).inverse
        linalg.inv_ex(Af)[0]
        linalg.solve_ex(A, X)
        linalg.solve_ex(A, X).result
        linalg.solve_ex(A, v)[0]
        linalg.solve_ex(B, X)[0]
        linalg.solve_ex(A, X.T, left=False)[0]
        linalg.solve_ex(B, y)
        linalg.cholesky_ex(S)
        linalg.cholesky_ex(S).L
        linalg.cholesky_ex(S, upper=True).L
        linalg.cholesky_ex(T)[0]
        linalg.cholesky_ex(T).info
        linalg.cholesky_ex(-S)
        """,
        **MATRICES,
    ),
    *group(
        """
        linalg.inv_ex(O)
        linalg.solve_ex(O, x)
        linalg.cholesky_ex(N)
        linalg.cholesky_ex(N2)
        linalg.cholesky_ex(N, upper=True)
        """,
        **SINGULAR,
    ),
]

# No matrices, of a size whose signs are looked after.
NONE = group(
    """
    linalg.eigvalsh(E)
    linalg.eigh(E).eigenvalues
    linalg.eigh(E, UPLO='U').eigenvectors
    linalg.svd(E).S
    """,
    E="normal(0, 3, 3)",
)

CASES: list[Case] = [*QR, *SINGULAR_VALUES, *EIGENVALUES, *LU, *UNCHECKED, *NONE]
