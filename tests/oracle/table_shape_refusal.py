"""What PyTorch refuses of splitting, stacking, padding, views, grids and creation."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    # Parts that a tensor does not have.
    *group(
        """
        x.split([1, 2])
        x.split(0)
        x.split(-1)
        torch.split(x, 2, 5)
        torch.split_with_sizes(x, [2, 3])
        x.chunk(0)
        torch.tensor_split(x, 0)
        torch.tensor_split(x, tensor([1.0, 2.0]))
        x.hsplit(4)
        x.vsplit(3)
        torch.dsplit(x, 1)
        torch.unbind(x, 2)
        """,
        x="normal(4, 6)",
    ),
    *group(
        """
        v.vsplit(2)
        """,
        v="normal(6)",
    ),
    # What does not stack.
    *group(
        """
        torch.hstack((x, v))
        torch.vstack((x, s))
        torch.dstack((x, v))
        torch.column_stack((x, v))
        torch.block_diag(x[None], x)
        torch.cat((x.T, w), 1)
        torch.cat((x, v))
        torch.stack((x, v))
        torch.stack((x, x), dim=3)
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
        s.split(1)
        s.chunk(1)
        s.unbind()
        s.tensor_split(1)
        s.hsplit(1)
        s.unflatten(0, (1,))
        s.narrow(0, 0, 1)
        s.repeat_interleave(3, 0)
        s.diag()
        s.rot90()
        s.fliplr()
        s.flipud()
        s.select(0, 0)
        torch.vander(s)
        torch.cartesian_prod(s)
        torch.combinations(s)
        """,
        s="normal()",
    ),
    # What can not be padded or shuffled.
    *group(
        """
        F.pad(x, (-2, -2))
        F.pad(x, (1,))
        F.pad(x, (1, 1, 1, 1, 1, 1))
        F.pad(x, (3, 0), 'reflect')
        F.pad(x, (-3, 0), 'replicate')
        F.pad(x, (4, 0), 'circular')
        F.pad(x, (1, 1), 'reflect', 1.0)
        F.pad(x, (1, 1), 'edge')
        F.pad(x, (1, 1, 1, 1), 'reflect')
        F.pad(x > 0, (1, 1), 'reflect')
        """,
        x="normal(2, 3)",
    ),
    *group(
        """
        F.pad(x, (1, 1, 1, 1, 1, 1), 'reflect')
        F.pad(x[:, :0], (1, 1), 'reflect')
        F.pad(x[:, :, :0], (1, 1), 'replicate')
        """,
        x="normal(2, 3, 4)",
    ),
    *group(
        """
        F.pad(x, (1, 1), 'reflect')
        F.pixel_shuffle(x, 2)
        """,
        x="normal(1, 2, 2, 4)",
    ),
    *group(
        """
        F.pad(x, (1, 0), 'circular')
        """,
        x="normal(1, 1, 2, 2, 2)",
    ),
    *group(
        """
        F.pixel_shuffle(x, 3)
        F.pixel_shuffle(x, 0)
        F.pixel_shuffle(x, -2)
        F.pixel_unshuffle(x, 2)
        F.pixel_shuffle(x[0], 2)
        torch.channel_shuffle(x, 3)
        torch.channel_shuffle(x, 0)
        torch.channel_shuffle(x[0], 2)
        """,
        x="normal(4, 2, 1)",
    ),
    # Views and sizes that are impossible.
    *group(
        """
        x.rot90(1, (0, 0))
        x.rot90(1, (0,))
        x.flip(0, 0)
        x.roll((1, 2))
        torch.roll(x, 1, (0, 1))
        x.unfold(0, 3, 1)
        x.unfold(0, 1, 0)
        x.unfold(2, 1, 1)
        torch.as_strided(x, (2,), (6,))
        torch.as_strided(x, (2, 2), (1,))
        torch.as_strided(x, (2,), (-1,))
        torch.view_copy(x, (4,))
        torch.narrow_copy(x, 1, 2, 2)
        x.narrow(1, -4, 1)
        x.narrow(1, 0, 4)
        x.narrow(1, 0, -1)
        x.narrow(2, 0, 1)
        x.select(0, 2)
        x.unflatten(1, (2, 2))
        x.unflatten(1, ())
        x.unflatten(1, (-1, -1))
        x.unflatten(3, (1, 3))
        x.view_as(y)
        x.sum_to_size(2)
        x.sum_to_size(1, 2, 3)
        torch.diag(x[None])
        torch.diag_embed(x, dim1=0, dim2=0)
        x.diagonal_scatter(ones(3))
        x.select_scatter(ones(2), 0, 1)
        torch.slice_scatter(x, y)
        torch.triu(x[0])
        x.repeat(2)
        x.repeat_interleave(-1, dim=1)
        x.repeat_interleave(2, dim=0, output_size=5)
        torch.repeat_interleave(x, 2, 2)
        x.expand(3, 3)
        x.unsqueeze(5)
        torch.squeeze(x[:1], 3)
        torch.broadcast_tensors(x, x[:, :2])
        torch.meshgrid(x, x)
        """,
        x="normal(2, 3)",
        y="normal(2, 2)",
    ),
    *group(
        """
        z.H
        z.movedim((0, 0), (1, 2))
        z.movedim((0, 1), (1,))
        torch.diagonal_scatter(z, ones(2, 2), 0, 0, 2)
        """,
        z="normal(2, 3, 2)",
    ),
    *group(
        """
        torch.meshgrid(v, w, indexing='ab')
        torch.meshgrid(v, w.float())
        torch.cartesian_prod(v, w.float())
        torch.vander(v, -1)
        torch.vander(v[None])
        torch.linalg.vander(v, N=1)
        torch.linalg.vander(v > 0)
        v.mT
        v.mH
        v.H
        v.adjoint()
        v.rot90()
        v.fliplr()
        v.diagonal()
        v.tril()
        """,
        v="normal(3)",
        w="normal(2)",
    ),
    *group(
        """
        torch.repeat_interleave(x, k, 0, output_size=4)
        torch.repeat_interleave(x, k, 1)
        torch.repeat_interleave(x, -k, 0)
        torch.repeat_interleave(x, k.double(), 0)
        torch.repeat_interleave(x, k[None], 0)
        """,
        x="normal(2, 3)",
        k=[1,2],
    ),
    *group(
        """
        torch.combinations(v, -1)
        torch.combinations(v[None])
        """,
        v="normal(4)",
    ),
    # Numbers that make no tensor.
    *group(
        """
        torch.arange(3, 0)
        torch.arange(0, 3, 0)
        torch.arange(0, 3, -1)
        torch.linspace(0, 1, -1)
        torch.logspace(0, 1, -1)
        torch.range(3, 0)
        torch.range(0, 3, 0)
        torch.range(3)
        torch.tril_indices(-1, 3)
        torch.tril_indices(3, 3, dtype=float32)
        """,
    ),
    *each(
        """
        torch.{f}_window(4, dtype=int64)
        torch.{f}_window(-1)
        """,
        "bartlett blackman hamming hann kaiser",
    ),
    # Bytes that are no elements of the other type, and classes that make no such tensor.
    *group(
        """
        x.T.view(torch.int32)
        x[0, 0].view(torch.int32)
        x[:, ::2].view(torch.int32)
        f[:, :3].view(torch.int64)
        x.type('torch.float32')
        x.type('float32')
        torch.Tensor(3.5)
        torch.Tensor(True)
        torch.FloatTensor(x)
        torch.LongTensor(x)
        """,
        x="normal(2, 4)",
        f="normal(2, 4) float32",
    ),
]
