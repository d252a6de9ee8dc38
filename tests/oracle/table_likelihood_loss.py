"""Losses of distributions: kl_div, and likelihoods of counts and of real numbers."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        F.kl_div(x, b)
        F.kl_div(x, b, reduction='none')
        F.kl_div(x, b, reduction='batchmean')
        F.kl_div(x, b, reduction='batchmean', log_target=True)
        F.kl_div(x, b, reduction='sum', log_target=True)
        F.kl_div(x, row, reduction='sum', log_target=True)
        F.kl_div(x, brow, reduction='mean')
        F.kl_div(s, sb, reduction='batchmean')
        F.kl_div(v, brow, reduction='batchmean')
        F.kl_div(log_softmax(x, 1), softmax(b, 1), reduction='batchmean')
        F.kl_div(x, z)
        F.kl_div(x, z, reduction='none')
        F.kl_div(x, neg, reduction='none')
        F.kl_div(x, b, None, None, 'sum')
        F.kl_div(x, b, False)
        F.kl_div(x, b, True, False)
        F.kl_div(x, b, size_average=False)
        F.kl_div(x, b, reduce=False)
        F.kl_div(x, b, reduce=False, reduction='batchmean')
        F.kl_div(f, b)
        F.kl_div(e, e)
        F.kl_div(e, e, reduction='batchmean')
        F.kl_div(x, b.detach())
        F.kl_div(detach(x), b)
        F.kl_div(input=x, target=b, log_target=False)
        torch.kl_div(x, b)
        torch.kl_div(x, b, 1)
        torch.kl_div(x, b, reduction=0)
        torch.kl_div(x, b, 2, log_target=True)
        torch.kl_div(x, b, reduction=2)
        torch.kl_div(x, b, reduction=3)
        F.poisson_nll_loss(x, b)
        F.poisson_nll_loss(b, b2, False)
        F.poisson_nll_loss(x, b, log_input=False)
        F.poisson_nll_loss(x, b, full=True)
        F.poisson_nll_loss(b, b2, False, True, reduction='none')
        F.poisson_nll_loss(b, b2.detach(), False, True, reduction='sum')
        F.poisson_nll_loss(x, b, True, False, False)
        F.poisson_nll_loss(x, b, True, False, None, 0.1, None, 'sum')
        F.poisson_nll_loss(b, b2, log_input=False, eps=0.5)
        F.poisson_nll_loss(x, b, reduce=False)
        F.poisson_nll_loss(x, i, full=True)
        F.poisson_nll_loss(x, i, full=True, reduction='none')
        F.poisson_nll_loss(x, brow, full=True)
        F.poisson_nll_loss(brow, b, full=True, reduction='none')
        F.poisson_nll_loss(x, z, full=True, reduction='none')
        F.poisson_nll_loss(x, one, full=True, reduction='none')
        F.poisson_nll_loss(i, i)
        F.poisson_nll_loss(f, b)
        F.poisson_nll_loss(f, f2, full=True, reduction='none')
        F.poisson_nll_loss(e, e, full=True)
        F.poisson_nll_loss(s, sb, full=True)
        torch.poisson_nll_loss(x, b, True, False, 1e-8, 1)
        torch.poisson_nll_loss(x, b, True, True, 1e-8, 0)
        torch.poisson_nll_loss(b, b2, False, True, 0.1, 2)
        F.gaussian_nll_loss(x, y, b)
        F.gaussian_nll_loss(x, y, 0.5)
        F.gaussian_nll_loss(x, y, 1.0)
        F.gaussian_nll_loss(x, y, 0.0)
        F.gaussian_nll_loss(x, y, b, full=True)
        F.gaussian_nll_loss(x, y, b, True, 1e-3, 'sum')
        F.gaussian_nll_loss(x, y, b.detach(), full=True, reduction='none')
        F.gaussian_nll_loss(x, y, bw, reduction='sum')
        F.gaussian_nll_loss(x, y, bw[:, None], reduction='sum')
        F.gaussian_nll_loss(x, row, b)
        F.gaussian_nll_loss(x, y, b, eps=1.0)
        F.gaussian_nll_loss(x, y, b, eps=1.0, reduction='none')
        F.gaussian_nll_loss(x, y, z, eps=0.5)
        F.gaussian_nll_loss(v, row, sb)
        F.gaussian_nll_loss(s, s, sb)
        F.gaussian_nll_loss(x, y, b[:1])
        F.gaussian_nll_loss(B, B+1, B2[:, :1])
        F.gaussian_nll_loss(B, B+1, B2[:1])
        F.gaussian_nll_loss(B, B+1, B2[:, :, 0])
        F.gaussian_nll_loss(input=x, target=y, var=b, full=False, eps=1e-6, reduction='mean')
        F.gaussian_nll_loss(f, f2, b)
        F.gaussian_nll_loss(f, f2, f2)
        F.gaussian_nll_loss(f, f2, 0.5)
        F.gaussian_nll_loss(i, y, b)
        F.gaussian_nll_loss(x, i, b)
        F.gaussian_nll_loss(e, e, e)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        b="positive(2, 3)",
        b2="positive(2, 3)",
        row="normal(3)",
        brow="positive(3)",
        v="normal(3)",
        s="normal()",
        sb="positive()",
        bw="positive(2)",
        i="ints(2, 3;0..3)",
        f="normal(2, 3) float32",
        f2="positive(2, 3) float32",
        e="normal(0, 3)",
        z=[[0.0, 1.0, 0.0], [0.5, 0.0, 2.0]],
        neg=[[-1.0, 1.0, 0.0], [0.5, -0.5, 2.0]],
        one=[[1.0, 1.5, 2.0], [0.5, 0.0, 3.0]],
        B="normal(2, 2, 3)",
        B2="positive(2, 2, 3)",
    ),
]
