"""Losses of pairs and triples, with their legacy arguments, and as torch itself has them."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        F.hinge_embedding_loss(x, pm)
        F.hinge_embedding_loss(x, y)
        F.hinge_embedding_loss(x, pm, 2, reduction='sum')
        F.hinge_embedding_loss(x, pm, reduction='none')
        F.hinge_embedding_loss(x, fm, 0.3, reduction='none')
        F.hinge_embedding_loss(x, pm, 1.0, False)
        F.hinge_embedding_loss(x, pm, 1.0, None, False)
        F.hinge_embedding_loss(x, pm, 1.0, None, None, 'sum')
        F.hinge_embedding_loss(x, pm, margin=-1)
        F.hinge_embedding_loss(x, z3, reduction='none')
        F.hinge_embedding_loss(x, prow)
        F.hinge_embedding_loss(row, pm, reduction='none')
        F.hinge_embedding_loss(i, pm, reduction='none')
        F.hinge_embedding_loss(f, pm)
        F.hinge_embedding_loss(f, fm)
        F.hinge_embedding_loss(s, s)
        F.hinge_embedding_loss(e, e)
        F.hinge_embedding_loss(tie, tie, reduction='none')
        torch.hinge_embedding_loss(x, pm)
        torch.hinge_embedding_loss(x, pm, 1.0, 2)
        torch.hinge_embedding_loss(x, pm, reduction=0)
        torch.hinge_embedding_loss(x, pm, margin=0.5, reduction=1)
        F.margin_ranking_loss(x, y, pm)
        F.margin_ranking_loss(x, y, fm, margin=0.5, reduction='sum')
        F.margin_ranking_loss(x, y, fm, margin=0.5, reduction='none')
        F.margin_ranking_loss(x, y, pm, 1)
        F.margin_ranking_loss(x, y, pm, 0.0, False)
        F.margin_ranking_loss(x, y, pm, reduce=False)
        F.margin_ranking_loss(x, y[:1], pm)
        F.margin_ranking_loss(x, x, pm, reduction='none')
        F.margin_ranking_loss(i, i, pm, reduction='sum')
        F.margin_ranking_loss(i, i, pm, 1.5, reduction='sum')
        F.margin_ranking_loss(i, i, pm)
        F.margin_ranking_loss(f, x, pm)
        F.margin_ranking_loss(f, f, pm)
        F.margin_ranking_loss(s, s, s)
        F.margin_ranking_loss(e, e, e)
        F.margin_ranking_loss(input1=x, input2=y, target=pm, margin=2)
        torch.margin_ranking_loss(x, y, pm)
        torch.margin_ranking_loss(x, y, pm, 1.0, 0)
        torch.margin_ranking_loss(x, y, prow, reduction=2)
        F.cosine_embedding_loss(x, y, p2)
        F.cosine_embedding_loss(x, y, p2, 0.5, reduction='sum')
        F.cosine_embedding_loss(x, y, q2, -0.5, reduction='none')
        F.cosine_embedding_loss(v, row, p2[0])
        F.cosine_embedding_loss(v, row, tensor(1), reduction='none')
        F.cosine_embedding_loss(v, row, tensor(-1))
        F.cosine_embedding_loss(x, y[:1], p2)
        F.cosine_embedding_loss(x, y, p2, 0, False)
        F.cosine_embedding_loss(x, y, p2, reduce=False)
        F.cosine_embedding_loss(x, x, p2)
        F.cosine_embedding_loss(x, 0*x, p2)
        F.cosine_embedding_loss(f, f, p2)
        F.cosine_embedding_loss(f, x, p2)
        F.cosine_embedding_loss(i, i, p2)
        F.cosine_embedding_loss(x, y, p1)
        F.cosine_embedding_loss(e, e, p2[:0])
        F.cosine_embedding_loss(x, y, tensor([0, 2]), reduction='none')
        torch.cosine_embedding_loss(x, y, p2)
        torch.cosine_embedding_loss(x, y, p2, 0.1, 0)
        torch.cosine_embedding_loss(x, y, p2, reduction=2)
        F.triplet_margin_loss(x, y, t)
        F.triplet_margin_loss(x, y, t, swap=True)
        F.triplet_margin_loss(x, y, t, p=1, reduction='sum')
        F.triplet_margin_loss(x, y, t, 2.0, 3, 1e-3, True, reduction='none')
        F.triplet_margin_loss(v, row, u, reduction='none')
        F.triplet_margin_loss(v, row, u, 5)
        F.triplet_margin_loss(x, y, t[:1])
        F.triplet_margin_loss(B, B+1, B*2, margin=3)
        F.triplet_margin_loss(x, y, t, 1.0, 2, 1e-6, False, False)
        F.triplet_margin_loss(x, y, t, reduce=False)
        F.triplet_margin_loss(x, x, x)
        F.triplet_margin_loss(x, x, x, eps=0)
        F.triplet_margin_loss(x, y, t, p=inf, margin=3)
        F.triplet_margin_loss(x, y, t, p=0.5, margin=3)
        F.triplet_margin_loss(f, f, f2)
        F.triplet_margin_loss(f, x, f2)
        F.triplet_margin_loss(i, i, i)
        F.triplet_margin_loss(anchor=x, positive=y, negative=t, margin=4)
        torch.triplet_margin_loss(x, y, t)
        torch.triplet_margin_loss(x, y, t, 2.0, 1, 1e-6, True, 0)
        torch.triplet_margin_loss(x, y, t, reduction=2)
        torch.triplet_margin_loss(x, y, t, margin=-1)
        F.triplet_margin_with_distance_loss(x, y, t)
        F.triplet_margin_with_distance_loss(x, y, t, distance_function=None)
        F.triplet_margin_with_distance_loss(x, y, t, swap=True, margin=2, reduction='sum')
        F.triplet_margin_with_distance_loss(v, row, u, reduction='none')
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        t="normal(2, 3)",
        v="normal(3)",
        u="normal(3)",
        row="normal(3)",
        s="normal()",
        i="ints(2, 3;0..3)",
        f="normal(2, 3) float32",
        f2="positive(2, 3) float32",
        e="normal(0, 3)",
        B="normal(2, 2, 3)",
        pm=[[1, -1, 1], [-1, 1, 1]],
        fm=[[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]],
        prow=[1, -1, 1],
        z3=[[0, 1, -1], [2, -1, 1]],
        p2=[1, -1],
        q2=[1.0, -1.0],
        p1=[1],
        tie=[1.0, -1.0, 0.0],
    ),
]
