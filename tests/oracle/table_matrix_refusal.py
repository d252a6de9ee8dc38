"""What PyTorch refuses of factors, systems and functions of matrices."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
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
    *group(
        """
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
