"""Tensors put together: expansion, repetition, joining, flips and rolls."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        row.expand(2, 3)
        row.expand(2, -1)
        row.expand((4, 2, 3))
        row.expand(1, 3)
        row.expand(2, 3) * x
        row.expand(0, 3)
        v.expand(2, 3)
        v.expand(3)
        v.expand(-1)
        v.expand(2, 1, 3)
        v.expand(x.shape)
        s.expand(2)
        s.expand(2, 3)
        s.expand(())
        column.expand(2, 3)
        column.expand(-1, 4)
        x.expand(2, 3)
        x.expand(2, 2, 3)
        x.expand(-1, -1)
        torch.broadcast_to(v, (2, 3))
        broadcast_to(v, (2, 3))
        v.broadcast_to((2, 3))
        np.broadcast_to(row, (2, 3))
        broadcast_to(column, (2, 3))
        broadcast_to(s, (2, 2))
        broadcast_to(x, x.shape)
        broadcast_to(v, (2, 3)) + x
        v.expand(2, 3).sum()
        v.expand(2, 3) @ x.T
        """,
        row="normal(1, 3)",
        v="normal(3)",
        s="normal()",
        column="normal(2, 1)",
        x="normal(2, 3)",
    ),
    *group(
        """
        x.repeat(2, 1)
        x.repeat(1, 1)
        x.repeat(1, 2)
        x.repeat(2, 3)
        x.repeat((2, 2))
        x.repeat(2, 1, 2)
        x.repeat(0, 1)
        x.repeat(1, 0)
        x.repeat(2, 2).sum()
        x.repeat(2, 2) ^ 2
        v.repeat(2)
        v.repeat(2, 2)
        v.repeat(2, 1) * x
        s.repeat(3)
        s.repeat(2, 2)
        s.repeat(())
        x.T.repeat(2, 1)
        torch.tile(x, (2,))
        tile(x, (2, 2))
        x.tile(2)
        x.tile(2, 1)
        x.tile((2, 1, 2))
        np.tile(x, (1, 2))
        tile(v, (2, 2))
        v.tile(3)
        tile(x, dims=(2, 1))
        tile(s, (2,))
        tile(x, ())
        z.repeat(2, 1)
        z.tile(2, 2)
        """,
        x="normal(2, 3)",
        v="normal(3)",
        s="normal()",
        z="normal(0, 3)",
    ),
    *group(
        """
        cat([x, y])
        torch.cat([x, y])
        torch.cat((x, y))
        cat([x, y], 0)
        cat([x, y], 1)
        cat([x, y], dim=1)
        cat((x, y), dim=-1)
        np.concatenate([x, y], axis=0)
        torch.concat([x, y], dim=1)
        cat([x])
        cat([x, x])
        cat([x, y, x], 1)
        cat([x, row])
        cat([row, x, row])
        cat([x, 2 * y, ones(1, 3)])
        cat([x, zeros(2, 2)], 1)
        cat([x, column], 1)
        cat([x, z])
        cat([z, x, z])
        cat([x, tensor([])])
        cat([x.T, y.T], 1)
        cat([v, v])
        cat([v, ones(2)])
        cat([x, y]).sum()
        cat([x, y])[1:3]
        cat([x, y]) @ v
        cat([x[0], y[1]])
        cat([x.flatten(), v])
        stack([x, y])
        torch.stack([x, y])
        torch.stack((x, y))
        stack([x, y], 1)
        stack([x, y], 2)
        stack([x, y], dim=-1)
        np.stack([x, y], axis=0)
        stack([x])
        stack([x, x])
        stack([x, ones(2, 3)])
        stack([s, s])
        stack([s, s * 2, tensor(1.0)])
        stack([v, x[0], x[1]])
        stack([x[0], x[1]], 1)
        stack([v.sum(), v.mean(), v.prod()])
        stack([x, y]).mean(0)
        stack([z, z], 1)
        stack([x[0, 0], x[1, 1]]) @ ones(2)
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
        row="normal(1, 3)",
        column="normal(2, 1)",
        z="normal(0, 3)",
        v="normal(3)",
        s="normal()",
    ),
    *group(
        """
        x.flip(0)
        x.flip(1)
        x.flip(-1)
        x.flip(0, 1)
        x.flip((0, 1))
        x.flip([0])
        x.flip(())
        torch.flip(x, (0,))
        flip(x, dims=(1,))
        flip(x, [0, 1])
        np.flip(x, axis=(0, 1))
        x.flip(0).flip(0)
        x.flip(1) * x
        x.T.flip(0)
        x[0].flip(0)
        x.flip(0).sum()
        x.roll(1)
        x.roll(-1)
        x.roll(1, 0)
        x.roll(2, 1)
        x.roll(7, -1)
        x.roll((1, 2), (0, 1))
        torch.roll(x, 1)
        torch.roll(x, shifts=1, dims=0)
        roll(x, -1, 1)
        roll(x, (1, -1), dims=(0, 1))
        roll(x, (1, 1), (1, 1))
        np.roll(x, 1, axis=1)
        x.roll(0, 0)
        x - x.roll(1, 1)
        x.T.roll(1, 0)
        """,
        x="normal(2, 3)",
    ),
    *group(
        """
        x.flip(0)
        x.roll(1, 0)
        x.roll(1)
        """,
        x="normal(0, 3)",
    ),
    *group(
        """
        x.flip(())
        x.roll(1)
        """,
        x="normal()",
    ),
    *group(
        """
        x.flip(0, 2)
        x.roll((1, 1), (0, 2))
        x.flip(-1)
        """,
        x="normal(2, 2, 3)",
    ),
]
