"""Stacking: tensors joined side by side, on top, and along a diagonal."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        torch.hstack((x, y))
        torch.hstack((x, x, z))
        torch.hstack([v, v])
        torch.hstack([v, s])
        torch.vstack((v, x))
        torch.vstack((v, v))
        torch.row_stack((x, y))
        torch.dstack((x, x))
        torch.dstack((v, v))
        torch.column_stack((x, y))
        torch.column_stack((w, x))
        torch.column_stack((v, v))
        torch.column_stack((x.T, v))
        torch.hstack((x, x > 0))
        torch.hstack((x, z.float()))
        torch.hstack(tensors=(x, y))
        torch.vstack(tensors=(x, y))
        torch.block_diag(x, v)
        torch.block_diag(x, s, v)
        torch.block_diag(x.T, y)
        torch.block_diag(x)
        torch.block_diag(v)
        torch.block_diag(x, (x > 0))
        torch.block_diag(x.float(), y)
        torch.block_diag(x, zeros(0))
        torch.block_diag(x, zeros(2, 0))
        torch.atleast_1d(x)
        torch.atleast_2d(x)
        torch.atleast_3d(x)
        torch.atleast_1d(v)
        torch.atleast_2d(v)
        torch.atleast_3d(v)
        torch.atleast_3d(x[None])
        torch.atleast_1d(x, v)
        (torch.atleast_1d(x, v))[1]
        torch.atleast_2d(x, v)
        (torch.atleast_2d(x, v))[1]
        torch.atleast_3d(x, v, s)
        (torch.atleast_3d(x, v, s))[1]
        torch.atleast_2d((x, v))
        (torch.atleast_2d((x, v)))[1]
        torch.atleast_3d([v])
        (torch.atleast_3d([v]))[0]
        torch.cat((x, y))
        torch.cat((x, z), 1)
        torch.cat((x, z), dim=-1)
        torch.cat(tensors=(x, y), dim=0)
        torch.concat((x, y))
        torch.concatenate((x, z), axis=1)
        torch.cat((x, x.long()))
        torch.cat([x > 0, x > 0])
        torch.cat((x, zeros(0)))
        torch.stack((x, x))
        torch.stack((x, x), 1)
        torch.stack((x, y), dim=-1)
        torch.stack((x, x.float()))
        torch.stack((s, s))
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        z="normal(2, 2)",
        v="normal(3)",
        s="normal()",
        w="normal(2)",
    ),
    *group(
        """
        torch.atleast_1d(s)
        torch.atleast_2d(s)
        torch.atleast_3d(s)
        torch.atleast_1d(s, s)
        (torch.atleast_1d(s, s))[1]
        torch.atleast_2d((s, s))
        (torch.atleast_2d((s, s)))[1]
        torch.hstack((s, s))
        torch.vstack((s, s))
        torch.dstack((s, s))
        torch.column_stack((s, s))
        torch.block_diag(s, s)
        s.ravel()
        s.flatten()
        s.T
        s.mT
        s.mH
        s.H
        s.adjoint()
        s.t()
        s.squeeze()
        s.squeeze(0)
        s.unsqueeze(0)
        s.expand(3)
        s.expand(2, 3)
        s.repeat(2)
        s.tile((2,))
        s.repeat_interleave(3)
        s.unfold(0, 1, 1)
        s.flip(0)
        s.roll(1)
        s.movedim(0, 0)
        s.diagflat()
        s.sum_to_size(())
        F.pad(s, ())
        s.view(1)
        s.reshape(1, 1)
        s.swapaxes(0, 0)
        torch.linalg.vander(s, N=3)
        torch.meshgrid(s, s)
        (torch.meshgrid(s, s))[1]
        torch.broadcast_tensors(s, s)
        (torch.broadcast_tensors(s, s))[1]
        """,
        s="normal()",
    ),
]
