"""einsum: products, sums, traces, diagonals, ellipsis, implicit outputs, several operands."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        einsum('ij->ji', x)
        torch.einsum('ij->ij', x)
        einsum('ij', x)
        einsum('ji', x)
        einsum('ij->', x)
        einsum('ij->i', x)
        einsum('ij->j', x)
        einsum('i->i', v)
        einsum('i->', v)
        einsum('i', v)
        einsum('...->...', x)
        einsum('...i->...', x)
        einsum('i...->...', x)
        einsum('...i->i...', x)
        einsum('...i->i', x)
        einsum('...', x)
        einsum('i...', x)
        einsum('...ij->...ji', b)
        einsum('bij->bji', b)
        einsum('bij->ij', b)
        einsum('bij->j', b)
        einsum('kij->kj', b)
        einsum('ii->i', A)
        einsum('ii->', A)
        einsum('ii', A)
        einsum('bii->b', B)
        einsum('bii->bi', B)
        einsum('bii->i', B)
        einsum('...ii->...i', B)
        einsum('...ii->...', B)
        einsum('iii->i', C)
        einsum('iij->j', C)
        einsum('i,i->', v, w)
        einsum('i,i', v, w)
        einsum('i,i->i', v, w)
        einsum('i,j->ij', v, w)
        einsum('i,j->ji', v, w)
        einsum('i,j', v, w)
        einsum('i,j->', v, w)
        einsum('i,j->i', v, w)
        einsum('ij,jk->ik', x, m)
        einsum('ij,jk->ki', x, m)
        einsum('ij,jk', x, m)
        einsum('ij, jk -> ik', x, m)
        einsum('ij,jk->', x, m)
        einsum('ij,jk->i', x, m)
        einsum('ij,jk->j', x, m)
        einsum('ij,jk->ijk', x, m)
        einsum('ij,kl->ijkl', x, m)
        einsum('ij,ij->ij', x, y)
        einsum('ij,ij->', x, y)
        einsum('ij,ij->i', x, y)
        einsum('ij,ij->j', x, y)
        einsum('ij,kj->ik', x, y)
        einsum('ij,ik->jk', x, y)
        einsum('ij,ji->', x, y.T)
        einsum('ij,j->i', x, v)
        einsum('ij,j->ij', x, v)
        einsum('ij,j', x, v)
        einsum('j,ij->i', v, x)
        einsum('i,ij->j', u, x)
        einsum('i,ij,j->', u, x, v)
        einsum('ij,->ij', x, s)
        einsum(',ij->ij', s, x)
        einsum(',->', s, s)
        einsum('bij,bjk->bik', b, c)
        einsum('bij,bjk->ik', b, c)
        einsum('bij,bjk->b', b, c)
        einsum('bij,bjk->ikb', b, c)
        einsum('bij,jk->bik', b, k)
        einsum('bij,j->bi', b, q)
        einsum('bij,bij->b', b, b)
        einsum('bij,bkj->bik', b, b)
        einsum('bi,bij->bj', x, b)
        einsum('...ij,...jk->...ik', b, c)
        einsum('...ij,jk->...ik', b, k)
        einsum('...i,i', x, v)
        einsum('...i,...i->...', x, y)
        einsum('...i,...->...', x, u)
        einsum('i...,i...->...', x, y)
        einsum('ii,i->i', A, v)
        einsum('ii,ij->j', A, A)
        einsum('ij,jk,kl->il', x, m, square)
        einsum('i,i,i->i', v, w, v)
        einsum('i,i,i->', v, w, v)
        einsum('i,j,k->ijk', u, v, w)
        einsum('ij,jk,ik->', x, m, x @ m)
        einsum('i,ij,j->', v, A, w)
        einsum('ij,ij,ij->i', x, y, x)
        einsum('ab,bc,cd,d->a', x, m, square, q)
        einsum('ij,ij->', x, x)
        einsum('ij,jk->ik', x, x.T)
        einsum('ij,jk->ik', x.T, x)
        einsum('ij,j->i', x, ones(3))
        einsum('ij,j->i', ones(2, 3), v)
        einsum('Ij,jk->kI', x, m)
        einsum('Ba,aC->BC', x, m)
        einsum('ba,ca', x, y)
        einsum('ij,jk->ik', x, m).sum()
        2 * einsum('i,i->', v, w)
        einsum('ij->ji', x) @ x
        einsum('ij,ik->ijk', x, x)
        einsum('ijl,jk->ikl', b, m)
        einsum('ijl,jk->kil', b, m)
        einsum('ijl,jk->ilk', b, m)
        einsum('ijl,jk->lki', b, m)
        einsum('ij,jkl->kil', x, d)
        einsum('ij,jkl->kli', x, d)
        einsum('ij,jkl->lik', x, d)
        einsum('bij,bjk->kib', b, c)
        einsum('bij,bjk->bki', b, c)
        einsum('bij,bjk->kbi', b, c)
        einsum('ij,kj->ki', x, y)
        einsum('ij,kj->ki', x, y).reshape(4)
        einsum('ij,jk->ki', x, m[:, :1])
        einsum('ij,jk->ki', x[:1], m)
        einsum('i,ij->ij', u, x).T.reshape(6)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        u="normal(2)",
        v="normal(3)",
        w="normal(3)",
        q="normal(4)",
        s="normal()",
        m="normal(3, 4)",
        square="normal(4, 4)",
        k="normal(4, 2)",
        b="normal(2, 3, 4)",
        c="normal(2, 4, 2)",
        A="normal(3, 3)",
        B="normal(2, 3, 3)",
        C="normal(2, 2, 2)",
        d="normal(3, 2, 2)",
    ),
    # Sizes of one broadcast.
    *group(
        """
        einsum('ij,ij->ij', row, x)
        einsum('ij,ij->', row, x)
        einsum('ij,jk->ik', row, m)
        einsum('ij,jk->ik', column, m)
        einsum('bij,bjk->bik', single, c)
        einsum('ij,j->i', column, v)
        """,
        row="normal(1, 3)",
        column="normal(2, 1)",
        x="normal(2, 3)",
        m="normal(3, 4)",
        v="normal(3)",
        single="normal(1, 3, 4)",
        c="normal(2, 4, 2)",
    ),
    *group(
        """
        einsum('ij,jk->ik', z, m)
        einsum('ji,jk->ik', z, z)
        einsum('ij->j', z)
        """,
        z="normal(0, 3)",
        m="normal(3, 4)",
    ),
    *group(
        """
        einsum('ij,jk->ik', x, m)
        einsum('ij->i', x)
        """,
        x="normal(2, 3) float32",
        m="normal(3, 2) float32",
    ),
    *group(
        """
        einsum('ij,j->i', i, j)
        einsum('ij->j', i)
        """,
        i="ints(2, 3; 0..5)",
        j="ints(3; 0..5)",
    ),
    # Operands with lists of labels, ellipses, repeated labels, attention, dtypes.
    *group(
        """
        einsum(x, [0, 1], q, [1, 2], [0, 2])
        torch.einsum(x, [0, 1], q, [1, 2])
        einsum(x, [0, 1])
        einsum(x, [1, 0])
        einsum(x, [0, 1], [1])
        einsum(x, [0, 1], [])
        einsum(x, [0, 1], y, [0, 1], [0])
        einsum(x, (0, 1), y, (0, 1), (0, ))
        einsum(x, [3, 51], q, [51, 30], [3, 30])
        einsum(x, [26, 0], [26, 0])
        einsum(x, [26, 0])
        einsum(A, [0, 0])
        einsum(A, [0, 0], [0])
        einsum(B, [..., 0, 1], C, [..., 1, 2], [..., 0, 2])
        einsum('ij,jk->ik',[x,q])
        einsum('ij,jk->ik',(x,q))
        einsum('ij->ji',[x])
        einsum(' i j , j k -> i k ',x,q)
        einsum('ij,jk',x,q)
        einsum('ik,ij',x,y)
        einsum('bij,bjk->bik',B,C)
        einsum('...ij,...jk->...ik',B,C)
        einsum('...ij,jk->ik...',B,Q)
        einsum('i...j,jk->...ki',B,Q)
        einsum('...,...->...',x,y)
        einsum('...,...',x,s)
        einsum('...',x)
        einsum('...->',x)
        einsum('i...->...',x)
        einsum('...i->i...',B)
        einsum('i...i',A)
        einsum('i...i->i...',A3)
        einsum('i...i->...',A3)
        einsum('a...b,b...c->a...c',B,C4)
        einsum('...ij,...ij->...',B,x)
        einsum('iij->ij',A3)
        einsum('iji->j',A3)
        einsum('ijj->i',A3)
        einsum('iij,jk->ik',A3,A)
        einsum('ii,ij->j',A,A)
        einsum('ii,jj->ij',A,A)
        einsum('ii,ii->i',A,A)
        einsum('ij,ij,ij->ij',x,y,x)
        einsum('ij,ij,ij->',x,y,x)
        einsum('ij,jk,kl->il',x,q,M)
        einsum('ij,jk,kl',x,q,M)
        einsum('ij,kj,kl,lm->im',x,y,M,x)
        einsum('i,j,k->kji',v,w,v)
        einsum('i,i,j->j',v,v,w)
        einsum('a,ab,abc->abc',w,x,X3)
        einsum('a,ab,abc->c',w,x,X3)
        einsum('abc,bcd,d->a',B,E3,v4)
        einsum('ab,ac,ad->bcd',x,y,M)
        einsum('bhqd,bhkd->bhqk',H,H)
        einsum('bhqk,bhkd->bhqd',S,H)
        einsum('bqhd,bkhd->bhqk',H,H)
        einsum('bij,kj->bik',B,x)
        einsum('bij,kj->bki',B,x)
        einsum('bij,kj->kib',B,x)
        einsum('bn,anm,bm->ba',x,X33,x)
        einsum('ij,j->i',x,v)
        einsum('ij,i->j',x,w)
        einsum('j,ij->i',v,x)
        einsum('i,j',w,v)
        einsum('ij,->ij',x,s)
        einsum(',ij',s,x)
        einsum(',',s,s)
        einsum('',s)
        einsum('->',s)
        einsum('ij,kl->ijkl',x,q)
        einsum('ij,kl->',x,q)
        einsum('ij,kl->ik',x,q)
        einsum('ij,kl->lj',x,q)
        einsum('i,i',v,v)
        einsum('i,i->i',v,v)
        einsum('ij,ji',x,q)
        einsum('ij,ji->',x,q)
        einsum('ij,jk->',x,q)
        einsum('ij,jk->j',x,q)
        einsum('ij,jk->ijk',x,q)
        einsum('ij,jk->kji',x,q)
        einsum('ij,ij->ji',x,y)
        einsum('ij,j->',x1,v)
        einsum('ij,ij->ij',x1,y)
        einsum('ij,jk->ik',x1,r1)
        einsum('ij,jk->ik',x1,x)
        einsum('ij->',x)
        einsum('ij->i',x)
        einsum('ij->ij',x)
        einsum('ij,jk->ik',i,j)
        einsum('ij,ij->ij',i,i)
        einsum('ij->',i)
        einsum('ij,ij->ij',i,x)
        einsum('ij,ij->ij',f,x)
        einsum('ij,jk->ik',f,f.T)
        einsum('ij,jk->ik',e,e.T)
        einsum('ij,ik->jk',e,e)
        einsum('ij,jk->ik',x.T,x)
        einsum('ij,kj->ik',x.T,q.contiguous())
        einsum('ij,kj->ik',x.T,q[:,:2])
        einsum('bi,bi->b',x,x)
        einsum('bi,bj->bij',x,y)
        einsum('bi,bj->ij',x,y)
        einsum('bi,ijk,bk->bj',x,D3,x)
        einsum('ij,jk->ik',x,q).sum()
        einsum('IJ,JK->IK',x,q)
        einsum('aB,Bc',x,q)
        einsum('Ba,ac',x,q)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        q="normal(3, 2)",
        A="normal(3, 3)",
        B="normal(2, 2, 3)",
        C="normal(2, 3, 4)",
        Q="normal(3, 4)",
        s="normal()",
        A3="normal(3, 3, 3)",
        C4="normal(3, 2, 2)",
        M="normal(2, 2)",
        v="normal(3)",
        w="normal(2)",
        X3="normal(2, 3, 2)",
        E3="normal(2, 3, 4)",
        v4="normal(4)",
        H="normal(2, 2, 3, 2)",
        S="normal(2, 2, 3, 3)",
        X33="normal(2, 3, 3)",
        x1="normal(2, 1)",
        r1="normal(1, 3)",
        i="ints(2, 3;-3..3)",
        j="ints(3, 2;-3..3)",
        f="normal(2, 3) float32",
        e="normal(2, 0)",
        D3="normal(3, 2, 3)",
    ),
]
