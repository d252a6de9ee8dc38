"""Losses of numbers: absolute, squared, smooth l1, Huber; weights and legacy arguments."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        l1_loss(x, t)
        F.l1_loss(x, t, reduction='sum')
        l1_loss(x, t, reduction='none')
        l1_loss(input=x, target=t)
        l1_loss(x, row)
        l1_loss(row, x, reduction='sum')
        l1_loss(x, x)
        l1_loss(x, t, weight=w)
        l1_loss(x, t, weight=w, reduction='none')
        l1_loss(x, t, weight=w, reduction='sum')
        l1_loss(x, row, weight=w)
        l1_loss(x, t, None, None, 'sum')
        l1_loss(x, t, False)
        l1_loss(x, t, True)
        l1_loss(x, t, True, False)
        l1_loss(x, t, False, True)
        l1_loss(x, t, size_average=False)
        l1_loss(x, t, reduce=False)
        l1_loss(x, t, reduce=True, reduction='none')
        l1_loss(x, t, size_average=False, reduction='none')
        l1_loss(x, t, reduction='elementwise_mean')
        l1_loss(x, t.detach())
        l1_loss(detach(x), t)
        l1_loss(x, i)
        l1_loss(i, i, reduction='sum')
        l1_loss(i, j, reduction='none')
        l1_loss(x, s)
        l1_loss(s, s)
        l1_loss(f, x)
        l1_loss(e, e)
        l1_loss(e, e, reduction='sum')
        l1_loss(k, k2)
        l1_loss(k, k2, reduction='none')
        mse_loss(x, t, weight=w)
        mse_loss(x, t, weight=w, reduction='none')
        mse_loss(x, t, weight=w, reduction='sum')
        mse_loss(x, row, weight=w)
        mse_loss(x, t, None, None, 'sum')
        mse_loss(x, t, False)
        mse_loss(x, t, True, False)
        mse_loss(x, t, reduce=False)
        mse_loss(x, t, size_average=False)
        mse_loss(x, i)
        mse_loss(i, x)
        mse_loss(i, j, weight=j)
        mse_loss(i, j, weight=j, reduction='sum')
        mse_loss(f, x)
        mse_loss(x, f, reduction='none')
        mse_loss(k, k2, reduction='none')
        mse_loss(x, t.detach(), weight=w)
        mse_loss(e, e)
        mse_loss(e, e, weight=e)
        smooth_l1_loss(x, t)
        smooth_l1_loss(x, row, reduction='sum')
        smooth_l1_loss(x, t, reduction='none')
        smooth_l1_loss(x, t, beta=0)
        smooth_l1_loss(x, t, beta=0.0, reduction='none')
        smooth_l1_loss(x, t, beta=0.5)
        smooth_l1_loss(x, t, beta=3, reduction='sum')
        smooth_l1_loss(x, t, None, None, 'sum', 0.3)
        smooth_l1_loss(x, t, size_average=False)
        smooth_l1_loss(x, t, reduce=False, beta=0.3)
        smooth_l1_loss(input=x, target=t, beta=0.1)
        smooth_l1_loss(x, t.detach())
        smooth_l1_loss(detach(x), t)
        smooth_l1_loss(x, i)
        smooth_l1_loss(i, x)
        smooth_l1_loss(f, x)
        smooth_l1_loss(f, g, reduction='none')
        smooth_l1_loss(s, s)
        smooth_l1_loss(e, e)
        smooth_l1_loss(e, e, reduction='sum')
        smooth_l1_loss(k, k2, reduction='none')
        smooth_l1_loss(k, k2, reduction='sum', beta=2)
        smooth_l1_loss(x, x)
        huber_loss(x, t)
        huber_loss(x, t, reduction='none')
        huber_loss(x, t, 'sum')
        huber_loss(x, t, 'mean', 0.5)
        huber_loss(x, t, delta=0.5, weight=w)
        huber_loss(x, t, delta=0.5, weight=w, reduction='sum')
        huber_loss(x, t, delta=0.5, weight=w, reduction='none')
        huber_loss(x, row, weight=w)
        huber_loss(x, row, reduction='sum', delta=2)
        huber_loss(x, t, 'sum', 0.3, w)
        huber_loss(f, g, reduction='none')
        huber_loss(s, s)
        huber_loss(e, e)
        huber_loss(k, k2, reduction='none')
        huber_loss(k, k2, reduction='sum', delta=2)
        huber_loss(x, t.detach())
        huber_loss(detach(x), t)
        huber_loss(x, x)
        """,
        x="normal(2, 3)",
        t="normal(2, 3)",
        w="positive(2, 3)",
        row="normal(3)",
        s="normal()",
        i="ints(2, 3;-3..3)",
        j="ints(2, 3;-3..3)",
        f="normal(2, 3) float32",
        g="normal(2, 3) float32",
        e="normal(0, 3)",
        k=[0.0, 1.0, -1.0, 2.0, -2.0, float("nan"), float("inf"), -0.0, 0.5],
        k2=[0.0]*9,
    ),
    *group(
        """
        l1_loss(x.T, y)
        mse_loss(x.T, y, reduction='none').reshape(6)
        smooth_l1_loss(x.T, y, reduction='none').reshape(6)
        huber_loss(x.T, y.T.contiguous().T, reduction='none').reshape(6)
        """,
        x="normal(2, 3)",
        y="normal(3, 2)",
    ),
]
