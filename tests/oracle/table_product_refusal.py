"""What PyTorch refuses of products of tensors, of distances and of einsum."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
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
    # Products, distances and einsum.
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
]
