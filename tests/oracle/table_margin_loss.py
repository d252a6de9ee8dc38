"""Losses by margins of one right class and of several."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        multi_margin_loss(x, k)
        F.multi_margin_loss(x, k, p=2, margin=0.5, weight=tensor([1., 2., 3.]))
        multi_margin_loss(x, k, reduction='sum')
        multi_margin_loss(x, k, reduction='none')
        multi_margin_loss(x, k, 2)
        multi_margin_loss(x, k, 2, 3.0, None, False)
        multi_margin_loss(x, k, 1, 1, None, None, False)
        multi_margin_loss(x, k, 1, 1, None, None, None, 'sum')
        multi_margin_loss(x, k, p=1.0, margin=2)
        multi_margin_loss(x, k, margin=-1)
        multi_margin_loss(v, tensor(1))
        multi_margin_loss(v, tensor([1]), reduction='none')
        multi_margin_loss(v, tensor(1), reduction='none')
        multi_margin_loss(s, tensor(0), reduction='none')
        multi_margin_loss(s, tensor(0))
        multi_margin_loss(x[:0], k[:0], reduction='none')
        multi_margin_loss(f, k, p=2)
        multi_margin_loss(x.T, tensor([0, 1, 0]))
        multi_margin_loss(tie, k, reduction='none')
        multi_margin_loss(tie, k, p=2)
        multi_margin_loss(nn, k, reduction='none')
        multi_margin_loss(x, k, p=2, margin=2, weight=tensor([1., 2., 3.]), reduction='none')
        multilabel_margin_loss(x, m)
        F.multilabel_margin_loss(x, m, reduction='sum')
        multilabel_margin_loss(x, m, reduction='none')
        multilabel_margin_loss(x, m, False)
        multilabel_margin_loss(x, m, None, False)
        multilabel_margin_loss(v, m[0], reduction='none')
        multilabel_margin_loss(v, m[0])
        multilabel_margin_loss(s, tensor(0), reduction='none')
        multilabel_margin_loss(s, tensor(-1))
        multilabel_margin_loss(x, tensor([[-1, 0, 1], [0, 0, 2]]), reduction='none')
        multilabel_margin_loss(x, tensor([[0, 1, 2], [-1, -1, -1]]), reduction='none')
        multilabel_margin_loss(x[:0], m[:0], reduction='none')
        multilabel_margin_loss(f, m)
        multilabel_margin_loss(tie, m, reduction='none')
        multilabel_margin_loss(x, m)*x.sum()
        """,
        x="normal(2, 3)",
        v="normal(3)",
        s="normal()",
        k=[0, 2],
        m=[[1, 0, -1], [0, -1, 2]],
        f="normal(2, 3) float32",
        tie=[[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]],
        nn=[[float("nan"), 1.0, 2.0], [0.0, float("inf"), 1.0]],
    ),
]
