"""Creation functions: shapes, dtypes, and how they enter a graph."""

from __future__ import annotations

from tests.oracle.cases import Case, group

CASES: list[Case] = [
    *group(
        """
        ones(2, 3)
        ones((2, 3))
        ones([2, 3])
        ones(3)
        ones(())
        ones(0, 3)
        ones(2, dtype=float32)
        ones(2, 2, dtype=torch.int64)
        ones((2,), dtype=bool)
        torch.ones(2)
        np.ones((2, 2))
        zeros(2, 3)
        zeros((2, 1))
        zeros(0)
        zeros(2, dtype=int64)
        zeros(2, dtype=float)
        torch.zeros(1)
        full((2, 2), 7)
        full((2, 2), 7.0)
        full((2,), 2.5)
        full((2,), True)
        full((2,), 7, dtype=float32)
        full((), 3.0)
        full([3], 1.5)
        full(size=(2,), fill_value=0.5)
        eye(3)
        eye(2, 3)
        eye(3, 2)
        eye(0)
        eye(2, dtype=int64)
        torch.eye(2)
        arange(3)
        arange(3.0)
        arange(1, 4)
        arange(0, 6, 2)
        arange(0, 1, 0.25)
        arange(1, 0, -0.25)
        arange(5, 0, -2)
        arange(0)
        arange(2, 2)
        arange(0.5, 3)
        arange(0, 5, dtype=float32)
        arange(4, dtype=float)
        arange(start=1, end=3)
        arange(0, 3, step=1)
        torch.arange(6).reshape(2, 3)
        arange(0, 1, 0.1)
        arange(-1, 2, 0.5)
        linspace(0, 1, 5)
        linspace(0, 1, 1)
        linspace(0, 1, 0)
        linspace(1, -1, 3)
        linspace(0, 10, steps=3)
        linspace(-2.5, 2.5, 6)
        linspace(0, 1, 7)
        linspace(0, 3, 4, dtype=float32)
        linspace(start=0, end=1, steps=3)
        torch.linspace(0, 1, 2)
        tensor([1, 2])
        tensor([1.0, 2.0])
        tensor([[1, 2], [3, 4]])
        tensor([[1.5, 2], [3, 4]])
        tensor([1, 2], dtype=float32)
        tensor([0.1, 1.0], dtype=float)
        tensor([1.7, -1.7], dtype=int64)
        tensor([0.0, 2.0], dtype=bool)
        tensor([True, False])
        tensor([True, 2])
        tensor([True, 2.5])
        tensor(3)
        tensor(3.5)
        tensor(True)
        tensor([])
        tensor([[]])
        tensor([[[1.0], [2.0]]])
        tensor([0.1, 0.2], dtype=float32)
        tensor([1e40, 1.0])
        tensor([inf, -inf, nan])
        tensor([pi, e])
        tensor([-1, 1 + 1])
        tensor([1, 2]) + tensor([0.5, 0.5])
        """,
    ),
    *group(
        """
        ones_like(x)
        zeros_like(x)
        full_like(x, 2)
        full_like(x, 2.5)
        torch.ones_like(x)
        np.zeros_like(x)
        ones_like(x) * x
        zeros_like(x) + x
        full_like(x, 3) * x
        x - full_like(x, fill_value=0.5)
        ones_like(x, dtype=float32)
        ones_like(x[0]) @ x[0]
        ones_like(x.sum()) * x
        x * arange(3)
        x * arange(3.0)
        x @ eye(3)
        x @ linspace(0, 1, 3)
        x + ones(3)
        x * full((2, 3), 2)
        x * tensor([1.0, 2.0, 3.0])
        x * tensor([1, 2, 3])
        tensor(2.0) * x
        tensor(2) ^ x
        x ^ tensor(2)
        x * ones(2, 3, dtype=float32)
        zeros(2, 3) * x
        where(x > 0, ones_like(x), zeros_like(x)) * x
        sum(x * linspace(1, 2, 3))
        cat([x, zeros(1, 3), ones(1, 3)])
        x - eye(2, 3)
        full((2,), 1.5) @ x
        arange(6).reshape(2, 3) * x
        ones(x.shape) - x
        """,
        x="normal(2, 3)",
    ),
    *group(
        """
        ones_like(x)
        zeros_like(x)
        full_like(x, 2.5)
        full_like(x, 7)
        ones_like(x) * 0.5
        zeros_like(x, dtype=float)
        full_like(x, 1, dtype=bool)
        """,
        x="ints(2, 2; 0..3)",
    ),
    *group(
        """
        ones_like(x)
        zeros_like(x, dtype=float)
        full_like(x, 2)
        full_like(x, 0.5)
        """,
        x="normal(2) float32",
    ),
    *group(
        """
        ones_like(x)
        zeros_like(x)
        full_like(x, 1.0)
        """,
        x="bools(2, 2)",
    ),
    *group(
        """
        ones_like(x)
        zeros_like(x)
        """,
        x="normal(0, 3)",
    ),
    *group(
        """
        ones_like(x)
        full_like(x, 2)
        """,
        x="normal()",
    ),
    *group(
        """
        torch.Tensor([1, 2])
        torch.Tensor([[1, 2.5], [3, 4]]) * x
        torch.Tensor((1, 2)) @ x
        torch.Tensor([True, False])
        torch.Tensor(2, 0)
        torch.Tensor(0)
        torch.Tensor()
        torch.Tensor(x)
        torch.Tensor(x) * x
        torch.Tensor(n)
        torch.Tensor(f)
        torch.DoubleTensor([[1, 2]])
        torch.FloatTensor([1, 2])
        torch.FloatTensor(f) * 2
        torch.HalfTensor([1.5])
        torch.LongTensor([1, 2])
        torch.LongTensor([1.7, -2.3])
        torch.IntTensor([1])
        torch.ShortTensor([[1, 2]])
        torch.CharTensor([-1])
        torch.ByteTensor([255])
        torch.BoolTensor([0, 2])
        x[torch.LongTensor([1, 0])]
        x[torch.BoolTensor([True, False])]
        ones(torch.Size([2, 2])) * x
        x.reshape(torch.Size((4,)))
        x.expand(torch.Size([3]) + x.shape)
        x * x.shape.numel()
        x[:, torch.newaxis] * n
        """,
        x="normal(2, 2)",
        f="normal(2) float32",
        n=[1, 2],
    ),
    *group(
        """
        torch.ones(2, layout=torch.strided) * x
        torch.ones_like(x, memory_format=torch.preserve_format) * x
        x.clone(memory_format=torch.contiguous_format)
        x.to(torch.float32, memory_format=torch.preserve_format)
        x.type(torch.FloatTensor)
        x.type(torch.DoubleTensor)
        x.type('torch.FloatTensor')
        x.type('torch.LongTensor')
        x.T.type(dtype=torch.LongTensor)
        """,
        x="normal(2)",
    ),
]
