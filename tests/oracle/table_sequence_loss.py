"""ctc_loss: forms of targets and lengths, blanks, sequences that can't be."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        F.ctc_loss(lp, t, il, tl)
        F.ctc_loss(lp, t, il, tl, reduction='none')
        F.ctc_loss(lp, t, il, tl, reduction='sum')
        F.ctc_loss(lp, t, il, tl, zero_infinity=True)
        F.ctc_loss(lp, c, (5, 4), (3, 2))
        F.ctc_loss(lp, c, [5, 4], [3, 2])
        F.ctc_loss(lp.log_softmax(2), t, (5, 4), (3, 2), blank=3)
        F.ctc_loss(lp.log_softmax(2), t, il, tl)
        F.ctc_loss(F.log_softmax(lp, dim=2), t, il, tl, reduction='none')
        F.ctc_loss(u, t[0], tensor(5), tensor(3))
        F.ctc_loss(u, t[0], tensor([5]), tensor([3]))
        F.ctc_loss(u, t[0], (5, ), (3, ), reduction='none')
        F.ctc_loss(u, t[:1], (5, ), (2, ), reduction='none')
        torch.ctc_loss(lp, t, il, tl)
        torch.ctc_loss(lp, t, il, tl, 0, 0, True)
        torch.ctc_loss(lp, t, il, tl, 0, 1)
        torch.ctc_loss(lp, t, il, tl, 0, 2, False)
        F.ctc_loss(lp, t.int(), il.int(), tl.int(), reduction='none')
        F.ctc_loss(lp, t, tensor([3, 4]), tl, reduction='none')
        F.ctc_loss(lp, t, tensor([3, 4]), tl, reduction='none', zero_infinity=True)
        F.ctc_loss(lp, t, tensor([5, 2]), tensor([1, 2]), reduction='none')
        F.ctc_loss(lp, t, tensor([5, 2]), tensor([0, 0]), reduction='none')
        F.ctc_loss(lp, t, tensor([5, 4]), tensor([0, 1]))
        F.ctc_loss(lp, t, tensor([0, 4]), tensor([0, 1]), reduction='none')
        F.ctc_loss(lp, t, tensor([0, 4]), tensor([1, 1]), reduction='none', zero_infinity=True)
        F.ctc_loss(lp, t.double(), il, tl)
        F.ctc_loss(f, t, il, tl)
        F.ctc_loss(lp, long, (5, 5), (2, 2), reduction='none')
        F.ctc_loss(log_probs=lp, targets=t, input_lengths=il, target_lengths=tl)
        """,
        lp="normal(5, 2, 4)",
        t=[[1, 2, 2], [3, 1, 0]],
        tl=[3, 2],
        il=[5, 4],
        u="normal(5, 4)",
        c=[1, 2, 2, 3, 1],
        f="normal(5, 2, 4) float32",
        long=[[1, 1], [2, 3]],
    ),
]
