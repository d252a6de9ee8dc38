"""Splitting: tensors as tuples of their parts; one part is taken where the chain matters."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        x.split(2)
        (x.split(2))[1]
        x.split(3, 1)
        (x.split(3, 1))[1]
        x.split(4, dim=-1)
        (x.split(4, dim=-1))[1]
        torch.split(x, 2)
        (torch.split(x, 2))[1]
        torch.split(x, [1, 3])
        (torch.split(x, [1, 3]))[1]
        torch.split(x, (1, 3), dim=0)
        (torch.split(x, (1, 3), dim=0))[1]
        torch.split(tensor=x, split_size_or_sections=2)
        (torch.split(tensor=x, split_size_or_sections=2))[1]
        x.split([2, 4], 1)
        (x.split([2, 4], 1))[1]
        x.split(split_size=2)
        (x.split(split_size=2))[1]
        x.split(10)
        (x.split(10))[0]
        x.split_with_sizes([1, 3])
        (x.split_with_sizes([1, 3]))[1]
        torch.split_with_sizes(x, (1, 3), dim=0)
        (torch.split_with_sizes(x, (1, 3), dim=0))[1]
        torch.split_with_sizes(x, split_sizes=[0, 4])
        (torch.split_with_sizes(x, split_sizes=[0, 4]))[1]
        torch.unsafe_split(x, 2)
        (torch.unsafe_split(x, 2))[1]
        torch.unsafe_split(x, 3, 1)
        (torch.unsafe_split(x, 3, 1))[1]
        x.unsafe_split_with_sizes([1, 3])
        (x.unsafe_split_with_sizes([1, 3]))[1]
        torch.unsafe_chunk(x, 3)
        (torch.unsafe_chunk(x, 3))[1]
        torch.split_copy(x, 3)
        (torch.split_copy(x, 3))[1]
        torch.split_copy(x.T, 3)
        (torch.split_copy(x.T, 3))[1]
        torch.split_with_sizes_copy(x, [1, 3])
        (torch.split_with_sizes_copy(x, [1, 3]))[1]
        x.chunk(2)
        (x.chunk(2))[1]
        x.chunk(3, 1)
        (x.chunk(3, 1))[1]
        x.chunk(4, -1)
        (x.chunk(4, -1))[1]
        x.chunk(chunks=3, dim=0)
        (x.chunk(chunks=3, dim=0))[1]
        torch.chunk(x, 5, dim=1)
        (torch.chunk(x, 5, dim=1))[1]
        x.chunk(100)
        (x.chunk(100))[1]
        x.tensor_split(3)
        (x.tensor_split(3))[1]
        x.tensor_split(4, 1)
        (x.tensor_split(4, 1))[1]
        x.tensor_split((1, 3))
        (x.tensor_split((1, 3)))[1]
        x.tensor_split([1, 3], dim=1)
        (x.tensor_split([1, 3], dim=1))[1]
        torch.tensor_split(x, (1, 9), 1)
        (torch.tensor_split(x, (1, 9), 1))[1]
        torch.tensor_split(x, (3, 1), 1)
        (torch.tensor_split(x, (3, 1), 1))[1]
        torch.tensor_split(x, (-2,), 1)
        (torch.tensor_split(x, (-2,), 1))[1]
        torch.tensor_split(x, sections=3)
        (torch.tensor_split(x, sections=3))[1]
        torch.tensor_split(x, indices=(1, 2))
        (torch.tensor_split(x, indices=(1, 2)))[1]
        torch.tensor_split(x, tensor([1, 2]))
        (torch.tensor_split(x, tensor([1, 2])))[1]
        torch.tensor_split(x, tensor(3), 1)
        (torch.tensor_split(x, tensor(3), 1))[1]
        torch.tensor_split(x, 7)
        (torch.tensor_split(x, 7))[1]
        torch.tensor_split(x, ())
        (torch.tensor_split(x, ()))[0]
        torch.hsplit(x, 2)
        (torch.hsplit(x, 2))[1]
        x.hsplit(3)
        (x.hsplit(3))[1]
        x.hsplit([1, 4])
        (x.hsplit([1, 4]))[1]
        torch.vsplit(x, 2)
        (torch.vsplit(x, 2))[1]
        x.vsplit((1, 2))
        (x.vsplit((1, 2)))[1]
        x.unbind()
        (x.unbind())[1]
        x.unbind(1)
        (x.unbind(1))[1]
        torch.unbind(x, dim=-1)
        (torch.unbind(x, dim=-1))[1]
        torch.unbind(x.T, 0)
        (torch.unbind(x.T, 0))[1]
        torch.unbind_copy(x.T, 0)
        (torch.unbind_copy(x.T, 0))[1]
        x.T.split(2)
        (x.T.split(2))[1]
        x.T.chunk(2)[0].reshape(-1)
        x.split(2, 1)[0].reshape(-1)
        x.split(2, 1)[0].contiguous()
        x.unbind(1)[0].reshape(2, 2)
        x.split(2)[0] * x.split(2)[1]
        a = x.split(2); a[0] * a[1]
        a = x.unbind(1); a[0] * a[1] + a[2]
        a = x.chunk(3, 1); torch.cat((a[2], a[0]))
        x[:0].split(2)
        (x[:0].split(2))[0]
        x[:0].chunk(2)
        (x[:0].chunk(2))[1]
        x[:0].split(0)
        (x[:0].split(0))[0]
        x[:0].tensor_split(2)
        (x[:0].tensor_split(2))[1]
        x[:0].unbind()
        x[:0].unbind(1)
        (x[:0].unbind(1))[1]
        """,
        x="normal(4, 6)",
    ),
    *group(
        """
        z.dsplit(2)
        (z.dsplit(2))[1]
        torch.dsplit(z, [1, 2])
        (torch.dsplit(z, [1, 2]))[1]
        torch.dsplit(z, (3,))
        (torch.dsplit(z, (3,)))[1]
        torch.hsplit(z, 3)
        (torch.hsplit(z, 3))[1]
        z.unbind(2)
        (z.unbind(2))[1]
        z.split(1, 2)[1]
        z.chunk(2, 2)[1].reshape(-1)
        """,
        z="normal(2, 3, 4)",
    ),
    *group(
        """
        v.split(2)
        (v.split(2))[1]
        v.hsplit(2)
        (v.hsplit(2))[1]
        v.hsplit((1, 5))
        (v.hsplit((1, 5)))[1]
        v.unbind()
        (v.unbind())[1]
        v.chunk(4)
        (v.chunk(4))[1]
        v.tensor_split(4)
        (v.tensor_split(4))[1]
        """,
        v="normal(6)",
    ),
    *group(
        """
        k.split(2)
        (k.split(2))[1]
        k.chunk(2)
        (k.chunk(2))[1]
        k.unbind()
        (k.unbind())[1]
        k.tensor_split(2)
        (k.tensor_split(2))[1]
        k.hsplit(1)
        (k.hsplit(1))[0]
        """,
        k="ints(5; 0..9)",
    ),
]
