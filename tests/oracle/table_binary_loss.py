"""Losses of yes or no, of probabilities and of scores; weights, dtypes, extreme arguments."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        binary_cross_entropy(a, c)
        F.binary_cross_entropy(a, c, reduction='sum')
        binary_cross_entropy(a, c, reduction='none')
        binary_cross_entropy(a, c.detach())
        binary_cross_entropy(detach(a), c)
        binary_cross_entropy(a, c, w.detach())
        binary_cross_entropy(a, c, weight=ones(2, 3)*2)
        binary_cross_entropy(a, c, tensor([1., 2., 3.]), reduction='none')
        binary_cross_entropy(a, c, tensor([[1.], [2.]]), reduction='sum')
        binary_cross_entropy(a, c, tensor([1, 2, 3]))
        binary_cross_entropy(a, c, tensor(3.0))
        binary_cross_entropy(a, c, None, False)
        binary_cross_entropy(a, c, None, None, False)
        binary_cross_entropy(a, c, None, None, None, 'sum')
        binary_cross_entropy(a, i.double())
        binary_cross_entropy(i.double(), c)
        binary_cross_entropy(f, g)
        binary_cross_entropy(f, g, ones(3), reduction='none')
        binary_cross_entropy(sigmoid(x), c)
        binary_cross_entropy(sigmoid(x), (c > 0.5).double())
        binary_cross_entropy(edge, yes, reduction='none')
        binary_cross_entropy(edge, yes)
        binary_cross_entropy(edge, no, reduction='none')
        binary_cross_entropy(edge, half, reduction='none')
        binary_cross_entropy(e, e)
        binary_cross_entropy(e, e, reduction='none')
        binary_cross_entropy(sa, sa)
        binary_cross_entropy(input=a, target=c)
        F.binary_cross_entropy_with_logits(x, c)
        F.binary_cross_entropy_with_logits(x, c, reduction='sum')
        F.binary_cross_entropy_with_logits(x, c, reduction='none')
        F.binary_cross_entropy_with_logits(x, c, w.detach())
        F.binary_cross_entropy_with_logits(x, c, w.detach(), pos_weight=tensor([1., 2., 3.]))
        F.binary_cross_entropy_with_logits(x, c, pos_weight=tensor([1., 2., 3.]))
        F.binary_cross_entropy_with_logits(x, c, pos_weight=tensor(3.0), reduction='none')
        F.binary_cross_entropy_with_logits(x, c, pos_weight=tensor([[1.], [2.]]), reduction='sum')
        F.binary_cross_entropy_with_logits(x, c, tensor([1., 2., 3.]), reduction='none')
        F.binary_cross_entropy_with_logits(x, c, tensor([[1.], [2.]]))
        F.binary_cross_entropy_with_logits(x, c, tensor([1, 2, 3]))
        F.binary_cross_entropy_with_logits(x, c, pos_weight=tensor([1, 2, 3]))
        F.binary_cross_entropy_with_logits(x, c, None, False)
        F.binary_cross_entropy_with_logits(x, c, None, None, False)
        F.binary_cross_entropy_with_logits(x, c, None, None, None, 'sum')
        F.binary_cross_entropy_with_logits(x, c, None, None, None, 'sum', tensor([1., 2., 3.]))
        F.binary_cross_entropy_with_logits(x, i.double())
        F.binary_cross_entropy_with_logits(x, f)
        F.binary_cross_entropy_with_logits(f, g)
        F.binary_cross_entropy_with_logits(f, c, reduction='none')
        F.binary_cross_entropy_with_logits(f, g, pos_weight=ones(3)*2, reduction='none')
        F.binary_cross_entropy_with_logits(x, c.detach())
        F.binary_cross_entropy_with_logits(detach(x), c)
        F.binary_cross_entropy_with_logits(big, yes5, reduction='none')
        F.binary_cross_entropy_with_logits(big, no5, reduction='none')
        F.binary_cross_entropy_with_logits(big, no5, pos_weight=tensor(2.0), reduction='none')
        F.binary_cross_entropy_with_logits(e, e)
        F.binary_cross_entropy_with_logits(s, sa)
        torch.binary_cross_entropy_with_logits(x, c)
        torch.binary_cross_entropy_with_logits(x, c, None, tensor([1., 2., 3.]), 0)
        torch.binary_cross_entropy_with_logits(x, c, reduction=2)
        torch.binary_cross_entropy_with_logits(x, c, pos_weight=s.detach(), reduction=1)
        soft_margin_loss(x, pm)
        F.soft_margin_loss(x, fm.detach())
        soft_margin_loss(x, pm, reduction='sum')
        soft_margin_loss(x, pm, reduction='none')
        soft_margin_loss(x, prow, reduction='none')
        soft_margin_loss(x, y.detach())
        soft_margin_loss(x, pm, False)
        soft_margin_loss(x, pm, None, False)
        soft_margin_loss(f, pm)
        soft_margin_loss(f, y.detach(), reduction='none')
        soft_margin_loss(e, e.detach())
        soft_margin_loss(s, tensor(1))
        soft_margin_loss(big, tensor([1, 1, -1, -1, 1]), reduction='none')
        multilabel_soft_margin_loss(x, c)
        F.multilabel_soft_margin_loss(x, c, w)
        multilabel_soft_margin_loss(x, c.detach(), tensor([1., 2., 3.]), reduction='none')
        multilabel_soft_margin_loss(x, i, reduction='sum')
        multilabel_soft_margin_loss(x, c, None, False)
        multilabel_soft_margin_loss(x, c, None, None, False)
        multilabel_soft_margin_loss(v, row)
        multilabel_soft_margin_loss(B, B2)
        multilabel_soft_margin_loss(x, row)
        multilabel_soft_margin_loss(f, g)
        multilabel_soft_margin_loss(f, c)
        multilabel_soft_margin_loss(e, e)
        multilabel_soft_margin_loss(big, no5)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        a=[[0.1, 0.9, 0.4], [0.25, 0.6, 0.75]],
        c=[[0.2, 0.3, 1.0], [0.0, 0.7, 0.5]],
        w="positive(2, 3)",
        row="positive(3)",
        v="normal(3)",
        s="normal()",
        sa=0.3,
        i="ints(2, 3;0..1)",
        f=("float32", [[0.1, 0.9, 0.4], [0.25, 0.6, 0.75]]),
        g=("float32", [[0.2, 0.3, 1.0], [0.0, 0.7, 0.5]]),
        e="normal(0, 3)",
        edge=[0.0, 1.0, 0.5, 1e-9, 1e-50],
        yes=[1.0]*5,
        no=[0.0]*5,
        half=[0.5]*5,
        big=[-1000.0, 1000.0, 30.0, -800.0, float("inf")],
        yes5=[1.0]*5,
        no5=[0.0]*5,
        pm=[[1, -1, 1], [-1, 1, 1]],
        fm=[[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]],
        prow=[1, -1, 1],
        B="normal(2, 2, 3)",
        B2="normal(2, 2, 3)",
    ),
]
