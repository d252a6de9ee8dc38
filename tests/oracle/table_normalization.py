"""Normalisations over last dimensions, groups and channels, by own and by running statistics."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        F.layer_norm(x, (3,))
        F.layer_norm(x, [3], w, b)
        F.layer_norm(x, (2, 3), M, M)
        F.layer_norm(x, (3,), w)
        F.layer_norm(x, (3,), None, b)
        F.layer_norm(x, (3,), bias=b)
        F.layer_norm(x, (3,), weight=w, eps=0.1)
        F.layer_norm(x, (3,), w, b, 1e-3)
        F.layer_norm(input=x, normalized_shape=x.shape[1:])
        torch.layer_norm(x, (3,), w, b, 1e-3, True)
        torch.layer_norm(x, (3,)).sum()
        F.layer_norm(c, (3,), w, b)
        F.layer_norm(c, (4, 3))
        F.layer_norm(f, (3,), g)
        F.layer_norm(x[0], (3,))
        F.layer_norm(x.T, (2,))
        F.layer_norm(x[:0], (3,), w, b)
        F.layer_norm(x[:, :1], (1,))
        F.layer_norm(1000 + x, (3,))
        F.rms_norm(x, (3,))
        F.rms_norm(x, (3,), w)
        F.rms_norm(x, [3], weight=w, eps=0.1)
        torch.rms_norm(x, (3,), w)
        F.rms_norm(x, (2, 3)).sum()
        F.rms_norm(f, (3,), g)
        F.rms_norm(f, (3,), w)
        F.rms_norm(0 * x, (3,))
        """,
        x="normal(2, 3)",
        M="normal(2, 3)",
        c="normal(2, 4, 3)",
        w="normal(3)",
        b="normal(3)",
        f="normal(2, 3) float32",
        g="normal(3) float32",
    ),
    *group(
        """
        F.group_norm(c, 2)
        F.group_norm(c, 2, W, B)
        F.group_norm(d, 4, W)
        F.group_norm(x, 2)
        F.group_norm(x, 1).sum()
        F.group_norm(c, num_groups=2, eps=0.1)
        torch.group_norm(c, 2, W, B, 1e-3)
        torch.group_norm(c, 2, W, None, 1e-3, False)
        F.group_norm(c[:0], 2)
        F.group_norm(c.transpose(1, 2), 3)
        F.instance_norm(c)
        F.instance_norm(c, weight=W, bias=B)
        F.instance_norm(d, weight=W)
        F.instance_norm(c, bias=B, eps=0.1)
        F.instance_norm(c, m.detach(), v.detach(), W, B, False)
        F.instance_norm(c, m.detach(), v.detach(), W, B, True, 0.2, 1e-3)
        F.instance_norm(c, m.detach(), v.detach(), use_input_stats=False)
        F.instance_norm(c.transpose(1, 2))
        torch.instance_norm(c, W, B, None, None, True, 0.1, 1e-5, False)
        F.batch_norm(c, m.detach(), v.detach())
        F.batch_norm(c, m.detach().clone(), v.detach().clone(), training=True)
        F.batch_norm(c, None, None, training=True)
        F.batch_norm(c, m.detach(), v.detach(), W, B)
        F.batch_norm(d, m.detach(), v.detach(), W, B, False, 0.1, 1e-3)
        F.batch_norm(x, m.detach().clone(), v.detach().clone(), W, B, True)
        F.batch_norm(x, m.detach(), v.detach(), weight=W)
        F.batch_norm(x, running_mean=m.detach(), running_var=v.detach(), bias=B, eps=0.5)
        F.batch_norm(c, None, None, W, None, True).sum()
        F.batch_norm(c, None, None, None, B, True) ^ 2
        F.batch_norm(c.transpose(1, 2), None, None, training=True)
        torch.batch_norm(x, W, B, m.detach(), v.detach(), False, 0.1, 1e-5, False)
        torch.batch_norm(x, None, B, None, None, True, 0.1, 1e-5, True)
        """,
        x="normal(2, 4)",
        c="normal(2, 4, 3)",
        d="normal(2, 4, 2, 1)",
        W="normal(4)",
        B="normal(4)",
        m="normal(4)",
        v="positive(4)",
    ),
    *group(
        """
        F.layer_norm(d.permute(0, 3, 1, 2), (4, 2)).reshape(-1)
        F.rms_norm(d.permute(0, 3, 1, 2), (2,)).reshape(-1)
        F.rms_norm(d.transpose(0, 1), (2, 3)).reshape(-1)
        F.group_norm(d.permute(0, 3, 1, 2), 3).reshape(-1)
        F.group_norm(d.transpose(0, 1), 2).flatten(1)
        F.batch_norm(d.permute(0, 3, 1, 2), None, None, training=True).reshape(-1)
        F.batch_norm(d.permute(0, 3, 1, 2), w.detach(), w.detach() ^ 2, w).flatten(1)
        F.batch_norm(d.transpose(0, 1), None, None, training=True).reshape(-1)
        F.instance_norm(d.permute(0, 3, 1, 2)).reshape(-1)
        F.batch_norm(d[:, :3, :, 0][:0], None, None, w, w, True)
        F.batch_norm(d[:, :3, :0], w.detach(), w.detach(), w)
        F.instance_norm(d[:0])
        """,
        d="normal(2, 4, 2, 3)",
        w="normal(3)",
    ),
    *group(
        """
        F.batch_norm(c, None, None, training=True)
        F.group_norm(c, 2)
        F.instance_norm(c)
        """,
        c="normal(2, 4, 3) float32",
    ),
    *group(
        """
        F.local_response_norm(c, 2)
        F.local_response_norm(c, 3, 0.5)
        F.local_response_norm(c, 2, alpha=0.5, beta=0.5, k=2.0)
        F.local_response_norm(c, 1, 1.0, 2.0, 0.5)
        F.local_response_norm(c.transpose(1, 2), 5, 1.0)
        F.local_response_norm(d, 2, 0.5)
        F.local_response_norm(input=d, size=3).sum()
        F.local_response_norm(d.transpose(1, 2), 2)
        F.local_response_norm(d[..., None], 3, 0.5)
        F.local_response_norm(f, 2, 0.5)
        F.local_response_norm(c[:0], 2) * 2
        """,
        c="normal(2, 4, 3)",
        d="normal(1, 3, 2, 2)",
        f="normal(1, 3, 2) float32",
    ),
]
