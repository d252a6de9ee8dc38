"""Norms of matrices, exponentials, tensors as matrices, Householder reflections."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

TENSORS = {
    "x": "normal(3, 2)",
    "w": "normal(2, 3)",
    "y": "normal(2, 3, 2)",
    "X": "normal(3, 2)",
    "v": "normal(3)",
    "u": "normal(2)",
    "f": "normal(3, 2) float32",
    "z": "normal(0, 2)",
    "A": "matrix(3)",
    "B": "matrix(2, 3)",
    "F": "matrix(2) float32",
    "a": "normal(1, 1)",
    "e": "normal(0, 0)",
    "c": "normal(2, 3, 6)",
    "d": "normal(6, 2, 3)",
    "t": "normal(2, 2)",
    "q": "normal(2, 3, 2, 3)",
    "U": "normal(2, 2)",
}

CASES: list[Case] = [
    *each(
        """
        linalg.norm(x, {f})
        linalg.norm(x, ord={f}, keepdim=True)
        linalg.norm(y, {f}, (0, 2))
        linalg.norm(y, {f}, dim=(-1, 0), keepdim=True)
        linalg.norm(f, {f}, dtype=float64)
        linalg.matrix_norm(y, {f})
        linalg.matrix_norm(y, {f}, (1, 0))
        linalg.matrix_norm(y, {f}, (-3, 2), True)
        linalg.matrix_norm(f, {f})
        linalg.matrix_norm(f, ord={f}, dtype=float64)
        linalg.matrix_norm(z.T, {f})
        """,
        "2 'nuc' 'fro' 1 inf",
        **TENSORS,
    ),
    *each(
        """
        linalg.norm(x, {f})
        linalg.matrix_norm(y, {f}, (1, 0), True)
        """,
        "-2 -1 -inf",
        **TENSORS,
    ),
    *group(
        """
        norm(x, 'nuc')
        x.norm('nuc')
        x.norm(p='nuc', dim=(0, 1), keepdim=True)
        norm(y, 'nuc', (2, 0), True)
        norm(f, 'nuc', dtype=float64)
        norm(f, 'nuc', (0, 1), dtype=float64)
        norm(y, 'fro')
        linalg.norm(y, dim=(0, 2))
        linalg.norm(x, None, (0, 1))
        nuclear_norm(x)
        torch.nuclear_norm(y)
        torch.nuclear_norm(x, True)
        torch.nuclear_norm(x, keepdim=True)
        torch.nuclear_norm(y, (0, 2))
        torch.nuclear_norm(y, dim=(0, 1), keepdim=True)
        torch.frobenius_norm(x, 0)
        torch.frobenius_norm(x, (0, 1))
        torch.frobenius_norm(x, ())
        torch.frobenius_norm(y, dim=1, keepdim=True)
        torch.frobenius_norm(y, (0, -1))
        torch.frobenius_norm(f, 0)
        torch.norm_except_dim(x)
        torch.norm_except_dim(x, 2, 1)
        torch.norm_except_dim(y, 2, 1)
        torch.norm_except_dim(y, 3, 1)
        torch.norm_except_dim(y, 1, 2)
        torch.norm_except_dim(y, pow=1, dim=0)
        torch.norm_except_dim(y, 2, -1)
        torch.norm_except_dim(y, 2, -2)
        torch.norm_except_dim(v)
        torch.norm_except_dim(x.T)
        torch.norm_except_dim(v=x)
        torch.matrix_exp(A)
        linalg.matrix_exp(A)
        matrix_exp(B)
        A.matrix_exp()
        matrix_exp(3 * A)
        matrix_exp(-10 * A)
        matrix_exp(A - A.T)
        matrix_exp(F)
        matrix_exp(e)
        matrix_exp(a)
        matrix_exp(A).trace()
        linalg.tensorinv(c, 2)
        linalg.tensorinv(c)
        linalg.tensorinv(d, ind=1)
        linalg.tensorinv(t, 1)
        linalg.tensorinv(q)
        linalg.tensorsolve(c, w)
        linalg.tensorsolve(c, x.T)
        linalg.tensorsolve(d, w, dims=(0,))
        linalg.tensorsolve(d, w, (0,))
        linalg.tensorsolve(q, w)
        linalg.tensorsolve(q, w, dims=(0, 1))
        linalg.tensorsolve(t, u)
        linalg.householder_product(x, u)
        linalg.householder_product(A, v)
        linalg.householder_product(A, u)
        linalg.householder_product(y, U)
        linalg.householder_product(input=x, tau=u)
        torch.orgqr(x, u)
        x.orgqr(input2=u)
        torch.ormqr(x, u, X)
        torch.ormqr(A, v, X)
        torch.ormqr(A, v, X, True, True)
        torch.ormqr(A, v, X.T, left=False)
        torch.ormqr(A, v, w, left=False, transpose=True)
        A.ormqr(v, X)
        torch.geqrf(x)
        torch.geqrf(w)
        torch.geqrf(y)
        x.geqrf().tau
        g = torch.geqrf(x.detach()); torch.orgqr(g.a, g.tau)
        """,
        **TENSORS,
    ),
]
