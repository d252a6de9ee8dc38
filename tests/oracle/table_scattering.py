"""Elements put in place: scatter, index_*, put and index_put, what takes them, all reductions."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

_REDUCTIONS = ("sum", "prod", "mean", "amax", "amin")
_SELF = ("", ", include_self=True", ", include_self=False")

CASES: list[Case] = [
    # An index for each element.
    *group(
        """
        scatter(x, 1, k, y)
        torch.scatter(x, -1, k, y)
        x.scatter(dim=1, index=k, src=y)
        x.scatter(1, k, 2)
        scatter(x, 1, k, -0.5)
        x.scatter(1, k, value=3)
        scatter(x * x, 1, k, y.exp())
        scatter(x.T, 0, k, y)
        scatter(x, 0, k % 2, y)
        scatter(x, 1, twice, y)
        scatter(x, 1, zeros(0, 2, dtype=int64), zeros(0, 2))
        scatter_add(x, 1, k, y)
        x.scatter_add(dim=-1, index=twice, src=y)
        scatter_add(x.T, 0, k, y)
        gather(x, 1, k, sparse_grad=False)
        take_along_dim(x, k, 1)
        x.take_along_dim(k, dim=-1)
        take_along_dim(x, k)
        take_along_dim(x, column, 1)
        take_along_dim(x, column - 4, 1)
        take_along_dim(x[:1], column, 1)
        take_along_dim(x, column[:1], 0)
        x.scatter_reduce(1, k, y, reduce='sum')
        torch.scatter_reduce(input=x, dim=1, index=k, src=y, reduce='amax')
        """,
        x="normal(2, 3)",
        y="normal(2, 2)",
        k=[[0, 2], [1, 0]],
        twice=[[1, 1], [2, 0]],
        column=[[2], [0]],
    ),
    *[
        one
        for reduce in _REDUCTIONS
        for one in each(
            f"""
            scatter_reduce(x, 1, k, y, '{reduce}'{{f}})
            scatter_reduce(x, 1, twice, y, '{reduce}'{{f}})
            scatter_reduce(v, 0, w, u, reduce='{reduce}'{{f}})
            scatter_reduce(i, 0, tensor([0, 0, 2]), j, '{reduce}'{{f}})
            """,
            _SELF,
            x="normal(2, 3)",
            y="normal(2, 2)",
            v=[2.0, 3.0, -1.0, 0.5],
            u=[2.0, 3.0, 3.0, 0.0, -1.0],
            k=[[0, 2], [1, 0]],
            twice=[[1, 1], [2, 0]],
            w=[1, 1, 1, 3, 0],
            i=[3, -1, 4],
            j=[6, 2, -7],
        )
    ],
    *group(
        """
        scatter(s, 0, tensor(0), t)
        scatter(s, 0, tensor(0), 5)
        scatter_add(s, 0, tensor(0), t)
        scatter_reduce(s, 0, tensor(0), t, 'mean')
        take_along_dim(s, tensor(0))
        index_add(s, 0, tensor(0), t)
        index_copy(s, 0, tensor([0]), t)
        index_fill(s, 0, tensor([0]), t)
        index_select(s, 0, tensor(0))
        index_reduce(s, 0, tensor([0]), t, 'prod')
        take(s, tensor([0, 0]))
        put(s, tensor(0), t)
        """,
        s="normal()",
        t="normal()",
    ),
    *group(
        """
        scatter(i, 0, tensor([1, 0]), j)
        scatter(i, 0, tensor([1, 0]), 2.7)
        scatter(i, 0, tensor([1, 0]), j, reduce='add')
        scatter(i, 0, tensor([1, 0]), j, reduce='multiply')
        i.scatter(0, tensor([1, 1]), 3, reduce='multiply')
        scatter(b, 0, tensor([1]), True)
        scatter_add(b, 0, tensor([1]), b[:1])
        index_fill(i, 0, tensor([0, 2]), 1.5)
        index_add(i, 0, tensor([0, 0]), j, alpha=3)
        index_put(i, (tensor([-1, 0]),), j)
        index_put(i, [tensor([0, 0])], j, accumulate=True)
        put(i, tensor([-1, 0]), j, True)
        take(i, tensor([[1, 1], [-1, 2]]))
        index_reduce(i, 0, tensor([1, 1]), j, 'mean')
        """,
        i=[4, -5, 6],
        j=[3, 2],
        b=[True, False, False],
    ),
    # With reduce there is a value, but no derivative.
    *group(
        """
        scatter(x, 1, tensor([[0, 2]]), y, reduce='add')
        scatter(x, 1, tensor([[0, 0]]), y, reduce='multiply')
        scatter(x, 1, tensor([[0, 0]]), 3, reduce='multiply')
        """,
        x="normal(2, 3)",
        y="normal(1, 2)",
    ),
    # An index for each slice.
    *group(
        """
        index_select(x, 1, k)
        x.index_select(-1, k)
        x.index_select(dim=0, index=tensor([1, 1, 0]))
        torch.index_select(x, 0, tensor(1))
        index_select(x.T, 0, k)
        index_select(x, 0, zeros(0, dtype=int64))
        index_select(x, 1, k.int())
        index_add(x, 1, k, y)
        x.index_add(1, k, y, alpha=2)
        index_add(x, 1, tensor([1, 1]), y, alpha=-0.5)
        index_add(x, dim=-1, index=k, source=y)
        index_copy(x, 1, k, y)
        x.index_copy(1, tensor([1, 1]), y)
        index_copy(v, 0, tensor([1]), s)
        index_copy(v, 0, tensor(2), s)
        index_fill(x, 1, k, 5)
        x.index_fill(1, k, value=-0.5)
        index_fill(x, 1, k, s)
        index_fill(x, 0, tensor([1, 1]), s)
        index_fill(x, 1, tensor(-1), 2)
        """,
        x="normal(2, 3)",
        y="normal(2, 2)",
        v="normal(3)",
        s="normal()",
        k=[2, 0],
    ),
    *[
        one
        for reduce in _REDUCTIONS[1:]
        for one in each(
            f"""
            index_reduce(x, 1, k, y, '{reduce}'{{f}})
            x.index_reduce(1, tensor([1, 1]), y, reduce='{reduce}'{{f}})
            index_reduce(v, 0, w, u, '{reduce}'{{f}})
            """,
            _SELF,
            x="normal(2, 3)",
            y="normal(2, 2)",
            v=[2.0, 3.0, -1.0, 0.5],
            u=[2.0, 3.0, 3.0, 0.0, -1.0],
            k=[2, 0],
            w=[1, 1, 1, 3, 0],
        )
    ],
    # Places counted through the tensor, and several indices at once.
    *group(
        """
        take(x, k)
        x.take(index=tensor([-1, -6]))
        torch.take(x.T, tensor([1, 2, 2]))
        take(x, zeros(0, 2, dtype=int64))
        put(x, k, y)
        x.put(tensor([5, -1]), v[:2])
        put(x, k, y, accumulate=True)
        put(x, k, y.reshape(4), True)
        put(x.T, tensor([1, 2]), v[:2])
        index_put(x, (tensor([0, 1]), tensor([2, 0])), v[:2])
        torch.index_put(x, (tensor([1, 1]),), v)
        x.index_put([tensor([1, 1])], v, accumulate=True)
        x.index_put((tensor([[1], [0]]), tensor([0, 2])), y)
        x.index_put((tensor([[1, 1], [1, 1]]), tensor([0, 0])), v[:2], True)
        index_put(x, (m,), v[0])
        index_put(x, (rows,), v)
        index_put(x, (tensor([0, 1]), tensor([True, False, True])), v[:2])
        """,
        x="normal(2, 3)",
        v="normal(3)",
        y="normal(2, 2)",
        k=[[0, 2], [1, 1]],
        m="bools(2, 3)",
        rows="bools(2)",
    ),
    *group(
        """
        scatter(x, 1, k, y)
        scatter_add(x, 1, k, y)
        scatter_reduce(x, 1, k, y, 'mean')
        index_add(x, 1, k[0], y)
        index_fill(x, 1, k[0], 0.1)
        put(x, k, y)
        take(x, k)
        """,
        x="normal(2, 3) float32",
        y="normal(2, 2) float32",
        k=[[0, 2], [1, 1]],
    ),
]
