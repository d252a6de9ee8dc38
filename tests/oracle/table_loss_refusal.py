"""What PyTorch refuses of loss functions."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
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
        yes=[1.0] * 5,
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
]
