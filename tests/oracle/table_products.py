"""Products added to tensors, of vectors, of many matrices; contractions."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        addmm(M, x, q)
        torch.addmm(M, x, q, beta=2, alpha=3)
        addmm(M, x, q, beta=0)
        addmm(M, x, q, alpha=0)
        addmm(row, x, q, alpha=0.5)
        addmm(s, x, q, beta=-1)
        addmm(col, x, q)
        addmm(input=M, mat1=x, mat2=q, alpha=2)
        M.addmm(x, q)
        M.addmm(x, q, beta=0.5, alpha=-2)
        M.T.addmm(x, y.T)
        torch.addmm(2, M, x, q)
        torch.addmm(2, M, 3, x, q)
        addmm(n, i, j)
        addmm(n, i, j, beta=2, alpha=-1)
        addmm(n, i, j, beta=0.5)
        addmm(n, i, j, alpha=0.5)
        addmm(M, e, e.T)
        addmm(M, e, e.T, beta=0)
        addmm(n3, x, q, beta=0)
        addmm(n3, x, q, beta=0.0)
        addmm(n3, x, q)
        (addmm(M, x, q)^2).sum()
        addmv(w, x, v)
        addmv(s, x, v, beta=2)
        w.addmv(x, v, alpha=3)
        addmv(w, x, v, beta=0, alpha=0)
        addmv(one, x, v)
        torch.addmv(2, w, x, v)
        torch.addmv(2, w, 3, x, v)
        addmv(w, mat=x, vec=v)
        addr(x, w, v)
        addr(v, w, v, beta=0, alpha=2)
        addr(s, w, v, beta=2, alpha=-2)
        x.addr(w, v)
        x.addr(vec1=w, vec2=v, alpha=0.5)
        addr(2, x, w, v)
        addr(2, x, 3, w, v)
        addr(n, ia, ia)
        addr(n, w, w)
        addr(bm, bm[0], bm[1])
        addr(M, ia, ia)
        addr(n3, w, w, beta=0)
        addbmm(D, B, C)
        addbmm(s, B, C, beta=2, alpha=3)
        D.addbmm(B, C)
        addbmm(D[0], B, C, beta=0.5)
        addbmm(D, batch1=B, batch2=C, alpha=0)
        addbmm(D, B[:0], C[:0])
        torch.addbmm(2, D, B, C)
        torch.addbmm(2, D, 0.5, B, C)
        baddbmm(E, B, C)
        baddbmm(D, B, C, beta=0.5, alpha=2)
        E.baddbmm(B, C)
        baddbmm(s, B, C)
        baddbmm(E, B, C, beta=0)
        baddbmm(E[:, :1], B, C)
        torch.baddbmm(2, E, B, C)
        torch.baddbmm(2, E, 3, B, C)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        M="normal(2, 2)",
        q="normal(3, 2)",
        v="normal(3)",
        w="normal(2)",
        s="normal()",
        col="normal(2, 1)",
        row="normal(2)",
        one="normal(1)",
        n="ints(2, 2;-3..3)",
        i="ints(2, 3;-3..3)",
        j="ints(3, 2;-3..3)",
        ia="ints(2;-3..3)",
        bm="bools(2, 2)",
        e="normal(2, 0)",
        n3=[[float("nan"), float("inf")], [1.0, 2.0]],
        D="normal(2, 4)",
        B="normal(2, 2, 3)",
        C="normal(2, 3, 4)",
        E="normal(2, 2, 4)",
    ),
    *group(
        """
        addmm(M, x, q, beta=2, alpha=3)
        addr(M, w, w)
        addmv(w, M, w, alpha=0.1)
        """,
        x="normal(2, 3) float32",
        M="normal(2, 2) float32",
        q="normal(3, 2) float32",
        w="normal(2) float32",
    ),
    *group(
        """
        vdot(v, u)
        torch.vdot(v, other=u)
        v.vdot(u)
        v.dot(u)
        dot(v, tensor=u)
        vdot(ia, ia)
        inner(v, u)
        inner(x, y)
        x.inner(y)
        inner(x, v)
        inner(v, x)
        inner(s, x)
        inner(x, s)
        inner(s, s)
        inner(B, x)
        inner(B, B)
        inner(x.T, M)
        inner(x.T, M.T)
        inner(x1, x1)
        inner(i, i)
        inner(b4, v)
        inner(input=x, other=y)
        inner(e, e)
        inner(ve, ve)
        outer(v, w)
        torch.outer(input=v, vec2=w)
        v.outer(w)
        ger(v, w)
        v.ger(w)
        outer(v, ia)
        outer(ia, ib)
        outer(bb, bb)
        outer(v[:0], w)
        linalg.vecdot(x, y)
        linalg.vecdot(x, y, dim=0)
        linalg.vecdot(v, x)
        linalg.vecdot(v, u)
        linalg.vecdot(x=x, y=y)
        linalg.vecdot(B, x)
        linalg.vecdot(B, v, dim=-1)
        linalg.vecdot(v, u, dim=1)
        linalg.vecdot(v, u, dim=-1)
        linalg.vecdot(s, s)
        linalg.vecdot(x, x1)
        linalg.vecdot(f, f)
        linalg.vecdot(e, e)
        kron(x, y)
        torch.kron(x, v)
        kron(v, x)
        x.kron(q)
        kron(s, x)
        kron(s, s)
        kron(B, x)
        kron(i, x)
        kron(i, i)
        kron(bb, bb)
        kron(f, x)
        kron(input=x, other=M)
        kron(e, x)
        kron(B, B)
        kron(eye(2), M)
        cross(x, y)
        cross(x, y, dim=1)
        cross(x, y, 1)
        cross(x, y, -1)
        cross(A, A2, 0)
        cross(A, A2)
        cross(A, A2, 1)
        cross(q, q)
        cross(q, q1)
        cross(v, u)
        x.cross(y)
        x.cross(y, dim=1)
        x.cross(other=y)
        cross(i, i)
        cross(r1, x)
        cross(B3, x[None])
        cross(ze, ze)
        linalg.cross(x, y)
        torch.linalg.cross(x, y, dim=1)
        linalg.cross(x, y, dim=-1)
        linalg.cross(r1, x)
        linalg.cross(q, q1, dim=0)
        linalg.cross(A, A2)
        linalg.cross(A, A2, dim=-2)
        linalg.cross(A.T, A2)
        linalg.cross(input=x, other=y)
        linalg.cross(B3, x[None])
        cross(x, y).sum()
        cross(x, cross(x, y))
        trace(x)
        x.trace()
        trace(i)
        trace(f)
        mm(i, j)
        mv(i, ib)
        bmm(B, C)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        M="normal(2, 2)",
        q="normal(3, 2)",
        v="normal(3)",
        u="normal(3)",
        w="normal(2)",
        s="normal()",
        x1="normal(2, 1)",
        r1="normal(1, 3)",
        b4="normal(2, 1, 2, 3)",
        i="ints(2, 3;-3..3)",
        j="ints(3, 2;-3..3)",
        ia="ints(2;-3..3)",
        ib="ints(3;-3..3)",
        bb="bools(3)",
        e="normal(2, 0)",
        ve="normal(0)",
        f="normal(2, 3) float32",
        A="normal(3, 3)",
        A2="normal(3, 3)",
        q1="normal(3, 1)",
        B3="normal(4, 2, 3)",
        ze="normal(0, 3)",
        B="normal(2, 2, 3)",
        C="normal(2, 3, 4)",
    ),
    *group(
        """
        torch.tensordot(x, q, 1)
        tensordot(x, q, dims=1)
        tensordot(x, y)
        tensordot(x, y, 2)
        tensordot(x, y, 0)
        tensordot(a=x, b=y, dims=2)
        tensordot(x, y, ([0], [0]))
        tensordot(x, y, [[0, 1], [0, 1]])
        tensordot(x, y, ((1, ), (1, )))
        tensordot(x, y, ([1, 0], [1, 0]))
        tensordot(x, q, ([1, 0], [0, 1]))
        tensordot(x, q, ([0, 1], [1, 0]))
        tensordot(B, C, dims=([2], [1]))
        tensordot(B, C, dims=([0, 2], [0, 1]))
        tensordot(B, C, dims=([2, 0], [1, 0]))
        tensordot(B, C, dims=tensor([[0, 2], [0, 1]]))
        tensordot(x, q, tensor(1))
        tensordot(x, q, tensor([1]))
        tensordot(x, y, tensor(2))
        tensordot(x, y, ([-1], [1]))
        tensordot(x, y, ([], []))
        tensordot(s, s, 0)
        tensordot(x[:1], y, ([0], [0]))
        tensordot(x, y[:, :1], ([1], [1]))
        tensordot(x1, y, ([1], [1]))
        tensordot(x1, x1, ([0, 1], [0, 1]))
        tensordot(v, v, 1)
        tensordot(v, x.T, 1)
        tensordot(i, i)
        tensordot(e, e, ([1], [1]))
        tensordot(e, e, ([0], [0]))
        tensordot(B, B, 3)
        tensordot(B.mT, B, ([1, 2], [2, 1]))
        tensordot(C, D, ([0, 2], [0, 1]))
        tensordot(B, E, ([0, 1], [0, 1]))
        tensordot(f, f)
        x.tensordot(y)
        chain_matmul(x, q)
        torch.chain_matmul(x, q, M)
        chain_matmul(x)
        chain_matmul(x, q, M, x)
        chain_matmul(q, x, q, x, q, x, A, A)
        linalg.multi_dot([x, q])
        linalg.multi_dot((x, q, M))
        torch.linalg.multi_dot(tensors=[x, q, M])
        linalg.multi_dot([v, q])
        linalg.multi_dot([v, u])
        linalg.multi_dot([w, x, v])
        linalg.multi_dot([x, q, w])
        linalg.multi_dot([x, q, M, x])
        linalg.multi_dot([x, q, M, x, q])
        linalg.multi_dot([w, x, q, x, v])
        linalg.multi_dot([x, A, A, q])
        linalg.multi_dot([D.T, x, A, q])
        linalg.multi_dot([D.T, M, M, x, A, q, x, q, M, D])
        linalg.multi_dot([i, j])
        linalg.multi_dot([x, e2])
        linalg.multi_dot([M, M, M])
        linalg.multi_dot([x, A, q])
        linalg.multi_dot([A, q, x])
        linalg.multi_dot([q, x, A])
        linalg.multi_dot([q, M, x])
        linalg.multi_dot([M, M, M, M])
        matrix_power(A, 0)
        matrix_power(A, 1)
        matrix_power(A, 2)
        A.matrix_power(3)
        torch.matrix_power(input=A, n=4)
        linalg.matrix_power(A, 5)
        matrix_power(A, 7)
        matrix_power(A, 8)
        matrix_power(A, 13)
        matrix_power(A, -1)
        matrix_power(A, -2)
        matrix_power(A, -3)
        matrix_power(A, -5)
        matrix_power(Q, 0)
        matrix_power(Q, 2)
        matrix_power(Q, 3)
        matrix_power(Q, 5)
        matrix_power(Q, -2)
        matrix_power(I, 0)
        matrix_power(I, 1)
        matrix_power(I, 2)
        matrix_power(I, 5)
        matrix_power(A.T, 2)
        matrix_power(A.T, 1)
        matrix_power(A.T, 0)
        matrix_power(Z, 2)
        matrix_power(Z, 0)
        matrix_power(A, 0)*A
        matrix_power(f3, 3)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        M="normal(2, 2)",
        q="normal(3, 2)",
        v="normal(3)",
        u="normal(3)",
        w="normal(2)",
        s="normal()",
        x1="normal(2, 1)",
        i="ints(2, 3;-3..3)",
        j="ints(3, 2;-3..3)",
        e="normal(2, 0)",
        e2="normal(3, 0)",
        f="normal(2, 3) float32",
        A="matrix(3)",
        f3="normal(3, 3) float32",
        D="normal(2, 4)",
        B="normal(2, 2, 3)",
        C="normal(2, 3, 4)",
        E="normal(2, 2, 4)",
        Q="matrix(2, 3)",
        I="ints(3, 3;-3..3)",
        Z="normal(0, 0)",
    ),
    *group(
        """
        addmv(ia, i, ib, beta=0.5)
        addmv(ia, i, ib, alpha=0.5)
        addmv(ia, i, ib, beta=2)
        addr(n, ia, ia, beta=2, alpha=3)
        addr(bm, bm[0], bm[1], beta=0)
        addr(bm, bm[0], bm[1], alpha=0)
        addr(bm, bm[0], bm[1], alpha=2)
        addbmm(n, n3, n4, beta=0.5)
        addbmm(n, n3, n4, beta=2)
        addbmm(n, n3, n4, alpha=0.5)
        baddbmm(n, n3, n4, beta=0.5)
        baddbmm(n, n3, n4, beta=2)
        baddbmm(n, n3, n4, alpha=1.5)
        """,
        n="ints(2, 2;-3..3)",
        i="ints(2, 3;-3..3)",
        ia="ints(2;-3..3)",
        ib="ints(3;-3..3)",
        bm="bools(2, 2)",
        n3="ints(2, 2, 2;-3..3)",
        n4="ints(2, 2, 2;-3..3)",
    ),
]
