"""Grids, combinations, powers, repetitions and sizes taken from elsewhere."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        torch.meshgrid(v, w)
        (torch.meshgrid(v, w))[1]
        torch.meshgrid(v, w, indexing='ij')
        (torch.meshgrid(v, w, indexing='ij'))[1]
        torch.meshgrid(v, w, indexing='xy')
        (torch.meshgrid(v, w, indexing='xy'))[1]
        torch.meshgrid((v, w), indexing='xy')
        (torch.meshgrid((v, w), indexing='xy'))[1]
        torch.meshgrid([v, w, v], indexing='xy')
        (torch.meshgrid([v, w, v], indexing='xy'))[1]
        torch.meshgrid(v, w[0], indexing='ij')
        (torch.meshgrid(v, w[0], indexing='ij'))[1]
        torch.meshgrid(v, indexing='xy')
        (torch.meshgrid(v, indexing='xy'))[0]
        torch.meshgrid(v)
        (torch.meshgrid(v))[0]
        torch.meshgrid(v, w, indexing='xy')[0].reshape(-1)
        torch.meshgrid(v, w, indexing='ij')[1].reshape(-1)
        torch.cartesian_prod(v)
        torch.cartesian_prod(v, w)
        torch.cartesian_prod(v, w, v)
        torch.vander(v)
        torch.vander(v, 2)
        torch.vander(v, N=4)
        torch.vander(v, 3, True)
        torch.vander(v, increasing=True)
        torch.vander(v, 1)
        torch.vander(v, 0)
        torch.vander(x=v, N=2, increasing=True)
        torch.vander(v.float())
        torch.vander(v.long())
        torch.vander(v > 0)
        torch.vander(v[:0])
        torch.vander(v[:1])
        np.vander(v, 2)
        torch.linalg.vander(v)
        torch.linalg.vander(v, N=2)
        torch.linalg.vander(v, N=5)
        torch.linalg.vander(v[None])
        torch.linalg.vander(v.long())
        v.unfold(0, 2, 1)
        v.unfold(0, 2, 2)
        v.unfold(0, 3, 1)
        v.unfold(0, 2, 5)
        v.float().unfold(0, 2, 1)
        v.long().unfold(0, 2, 1)
        v.T
        v.t()
        v.flipud()
        v.diag()
        v.diag(-1)
        v.diagflat(1)
        v.diag_embed()
        v.roll(1)
        v.roll(4, 0)
        v.repeat_interleave(2)
        v.repeat_interleave(3, 0)
        v.tile(2)
        v.sum_to_size(1)
        v.ravel()
        v.flatten()
        v.expand_as(ones(2, 3))
        v.unflatten(0, (3, 1))
        """,
        v="normal(3)",
        w="normal(2)",
    ),
    *group(
        """
        k.rot90()
        k.flip(0)
        k.roll(1)
        k.unfold(0, 2, 1)
        k.as_strided((2, 2), (1, 1))
        k.tile(2)
        k.repeat_interleave(2)
        k.diag()
        k.view_as(ones(4, 1).long())
        torch.meshgrid(k[0], k[1])
        (torch.meshgrid(k[0], k[1]))[1]
        torch.cartesian_prod(k[0], k[1])
        torch.vander(k[0])
        torch.linalg.vander(k)
        k.sum_to_size(2)
        k.type_as(ones(1))
        torch.permute_copy(k, (1, 0))
        torch.block_diag(k, k)
        """,
        k="ints(2, 2; 0..9)",
    ),
    *group(
        """
        x.repeat_interleave(tensor([1, 2]), 0)
        x.repeat_interleave(tensor([1, 0, 2]), dim=1)
        torch.repeat_interleave(x, tensor([2]), dim=1)
        torch.repeat_interleave(x, tensor(2), dim=1)
        torch.repeat_interleave(x, tensor([2]))
        torch.repeat_interleave(x, tensor(3))
        torch.repeat_interleave(x.T, tensor([2]))
        torch.repeat_interleave(x, tensor([1, 2, 0, 1, 0, 0]))
        torch.repeat_interleave(x, k, dim=0)
        torch.repeat_interleave(x, repeats=k, dim=0)
        torch.repeat_interleave(x, k, 0, output_size=3)
        torch.repeat_interleave(k)
        torch.repeat_interleave(repeats=k)
        k.repeat_interleave(2)
        k.repeat_interleave(k)
        torch.repeat_interleave(x, k.int(), 0)
        torch.repeat_interleave(x, tensor([0, 0]), 0)
        x[0].repeat_interleave(tensor([1, 2, 1]))
        x[0, 0].repeat_interleave(tensor(2))
        x[:0].repeat_interleave(2, 1)
        x[:, :0].repeat_interleave(2)
        """,
        x="normal(2, 3)",
        k=[1,2],
    ),
    *group(
        """
        torch.combinations(v)
        torch.combinations(v, 3)
        torch.combinations(v, r=1)
        torch.combinations(v, 0)
        torch.combinations(v, 4)
        torch.combinations(v, 5)
        torch.combinations(v, 2, True)
        torch.combinations(v, r=3, with_replacement=True)
        torch.combinations(v.long())
        torch.combinations(v.float())
        torch.combinations(v > 0)
        torch.combinations(v[:0])
        torch.combinations(v[:1])
        torch.combinations(v[:1], 2, True)
        torch.combinations(v).sum(1)
        torch.combinations(v).reshape(-1)
        """,
        v="normal(4)",
    ),
]
