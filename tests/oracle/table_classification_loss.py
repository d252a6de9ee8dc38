"""nll_loss, cross_entropy, and of a linear layer: positions, ranks, dtypes."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        nll_loss(x, k)
        F.nll_loss(x, k, w.detach())
        nll_loss(x, k, tensor([1., 2., 0.5]), reduction='none')
        nll_loss(x, k, tensor([1., 2., 0.5]), reduction='sum')
        nll_loss(x, k, None, None, 1)
        nll_loss(x, k, None, False)
        nll_loss(x, k, None, None, 1, None, 'sum')
        nll_loss(x, k, None, None, -100, False)
        nll_loss(x, k, size_average=False)
        nll_loss(x, k, reduce=False)
        nll_loss(x, k, ignore_index=1, reduction='none')
        nll_loss(x, k, ignore_index=1)
        nll_loss(x, k, tensor([1., 2., 0.5]), ignore_index=1)
        nll_loss(x, tensor([0, 1, 2, -1]), ignore_index=-1)
        nll_loss(v, tensor(1))
        nll_loss(v, tensor(1), tensor([1., 2., 3.]), reduction='none')
        nll_loss(v, tensor(1), ignore_index=1)
        nll_loss(v, tensor(1), ignore_index=1, reduction='none')
        nll_loss(B, kb)
        nll_loss(B, kb, reduction='none')
        nll_loss(B, kb, tensor([1., 2., 3.]))
        nll_loss(B4, k4)
        nll_loss(B4, k4, reduction='none')
        nll_loss(B4, k4, tensor([1., 2., 3.]), ignore_index=2, reduction='sum')
        nll_loss(B5, k5)
        nll_loss(B5, k5, reduction='none')
        nll_loss(B5, k5, reduction='sum')
        nll_loss(B, kb.T)
        nll_loss(f, k)
        nll_loss(x[:0], k[:0])
        nll_loss(x[:0], k[:0], reduction='none')
        nll_loss(x[:0], k[:0], reduction='sum')
        nll_loss(log_softmax(x, dim=1), k)
        cross_entropy(x, k)
        cross_entropy(x, k, w.detach())
        cross_entropy(x, p, w)
        cross_entropy(x, k, None, False)
        cross_entropy(x, k, None, None, 1)
        cross_entropy(x, k, None, None, 1, False)
        cross_entropy(x, k, None, None, -100, None, 'sum')
        cross_entropy(x, k, None, None, -100, None, 'sum', 0.1)
        cross_entropy(x, k, reduce=False)
        cross_entropy(x, k, size_average=False, label_smoothing=0.2)
        cross_entropy(x, k, w.detach(), label_smoothing=0.2, reduction='none')
        cross_entropy(x, k, w.detach(), label_smoothing=0.2, ignore_index=1)
        cross_entropy(x, k, w.detach(), label_smoothing=0.2, ignore_index=1, reduction='none')
        cross_entropy(x, p, ignore_index=-1)
        cross_entropy(x, p, None, None, -100, None, 'none', 0.3)
        cross_entropy(x, p, w.detach(), reduction='sum')
        cross_entropy(x, p, w.detach(), label_smoothing=0.3)
        cross_entropy(x, p, label_smoothing=1.0)
        cross_entropy(x, p.float())
        cross_entropy(v, tensor(1))
        cross_entropy(v, softmax(v.detach(), 0))
        cross_entropy(v, tensor(1), label_smoothing=0.1)
        cross_entropy(v, tensor(1), tensor([1., 2., 3.]), label_smoothing=0.1, reduction='none')
        cross_entropy(B, kb)
        cross_entropy(B, kb, reduction='none')
        cross_entropy(B, kb, label_smoothing=0.1)
        cross_entropy(B, kb, tensor([1., 2., 3.]), label_smoothing=0.1, reduction='none')
        cross_entropy(B, softmax(B.detach(), 1))
        cross_entropy(B, softmax(B.detach(), 1), tensor([1., 2., 3.]), reduction='none')
        cross_entropy(B, softmax(B.detach(), 1), tensor([1., 2., 3.]))
        cross_entropy(B4, k4)
        cross_entropy(B4, k4, ignore_index=0)
        cross_entropy(B5, k5)
        cross_entropy(B5, k5, label_smoothing=0.1)
        cross_entropy(B5, k5, tensor([1., 2., 3.]), reduction='none')
        cross_entropy(B, kb.T)
        cross_entropy(f, k)
        cross_entropy(x[:0], k[:0])
        cross_entropy(x[:0], k[:0], reduction='sum')
        cross_entropy(x, tensor([0, 1, 2, -100]))
        cross_entropy(x, tensor([-100, -100, -100, -100]), label_smoothing=0.1)
        cross_entropy(x, tensor([-100, -100, -100, -100]), reduction='sum')
        cross_entropy(x*1000, k)
        cross_entropy(big, tensor([0, 1]), reduction='none')
        cross_entropy(input=x, target=k, weight=None, reduction='mean')
        x.cross_entropy(k)
        """,
        x="normal(4, 3)",
        k=[0, 2, 1, 1],
        w="positive(3)",
        p=[[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4]],
        v="normal(3)",
        B="normal(2, 3, 2)",
        kb=[[0, 1], [2, 1]],
        B4="normal(2, 3, 2, 1)",
        k4=[[[0], [1]], [[2], [2]]],
        B5="normal(2, 3, 1, 2, 1)",
        k5=[[[[0], [1]]], [[[2], [2]]]],
        f="normal(4, 3) float32",
        big=[[1000.0, -1000.0], [float("inf"), 0.0]],
    ),
    *group(
        """
        F.linear_cross_entropy(x, w, k)
        F.linear_cross_entropy(x, w, k, linear_bias=b)
        F.linear_cross_entropy(x, w, k, linear_bias=b, reduction='none')
        F.linear_cross_entropy(x, w, k, weight=tensor([1., 2., 3., 4.]))
        F.linear_cross_entropy(x, w, k, label_smoothing=0.1, reduction='sum')
        F.linear_cross_entropy(x, w, k, ignore_index=1)
        F.linear_cross_entropy(x, w, p)
        F.linear_cross_entropy(x[0], w, k[0])
        F.linear_cross_entropy(x[0], w, k[0], linear_bias=b)
        F.linear_cross_entropy(x, W, tensor([[0, 1], [2, 3]]))
        F.linear_cross_entropy(x, W, tensor([[0, 1], [2, 3]]), linear_bias=B, reduction='none')
        F.linear_cross_entropy(f, f, tensor([0, 1]))
        """,
        x="normal(2, 3)",
        w="normal(4, 3)",
        b="normal(4)",
        k=[0, 2],
        p=[[0.25, 0.25, 0.25, 0.25], [0.0, 1.0, 0.0, 0.0]],
        W="normal(4, 2, 3)",
        B="normal(4, 2)",
        f="normal(2, 3) float32",
    ),
]
