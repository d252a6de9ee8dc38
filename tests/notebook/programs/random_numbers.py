"""PyTorch's own random numbers: every function that draws, short and long, in both dtypes."""

import torch

# Before any seed of the program's own: the seed of the run.
torch.rand(3)
torch.randn(2, 2)

torch.manual_seed(0)
torch.randn(5)
torch.randn(1)
torch.randn(3, 3)
torch.randn(15)
torch.randn(16)
torch.randn(17)
torch.randn(5, 7)
torch.rand(2, 3)
torch.rand(20)
torch.rand(())
torch.randn(())
torch.randn((2, 2))
torch.randn(0, 3)

torch.manual_seed(1)
torch.randint(0, 10, (4,))
torch.randint(5, (2, 3))
torch.randint(-3, 3, (2, 2, 2))
torch.randint(0, 2, (6,)).bool()
torch.randint(0, 3, (2,), dtype=torch.float32)
torch.randperm(8)
torch.randperm(1)

torch.manual_seed(2)
like = torch.zeros(2, 2)
torch.rand_like(like)
torch.randn_like(like)
torch.randn(4, dtype=torch.float64)
torch.randn(18, dtype=torch.float64)
torch.rand(4, dtype=torch.float64)
torch.randn(3)
torch.randn(3, requires_grad=True)
torch.rand(2, requires_grad=True).requires_grad

# The same seed, the same numbers; they go on from there.
torch.manual_seed(1234)
first = torch.randn(4)
second = torch.randn(4)
torch.manual_seed(1234)
torch.equal(first, torch.randn(4)), torch.equal(first, torch.randn(4))
torch.manual_seed(1234)
torch.equal(torch.cat([first, second]), torch.randn(8))

# Large draws, by their moments.
torch.manual_seed(99)
x = torch.randn(10000)
print(f"{x.mean().item():.4f} {x.std().item():.4f} {x.max().item():.4f} {x.min().item():.4f}")
u = torch.rand(100, 100)
print(f"{u.mean().item():.4f} {u.min().item():.6f} {u.max().item():.6f}")
x
u
inside = (torch.rand(5000, 2).square().sum(1) < 1).sum().item()
print(f"pi is about {4 * inside / 5000}")

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)
torch.randn(3)
torch.rand(3)
torch.randn(20)
torch.randn(4, dtype=torch.float32)
torch.randint(0, 100, (5,))
torch.randperm(5)
torch.randn(2, 3)
torch.rand_like(torch.ones(2)), torch.randn_like(torch.ones(2, dtype=torch.float32))

# A random walk, and coin flips that decide.
torch.manual_seed(8)
position = 0
for step in range(12):
    if torch.rand(1).item() < 0.5:
        position -= 1
    else:
        position += 1
    print(position, end=" ")
print()
torch.manual_seed(-1)
torch.randn(2)
torch.manual_seed(2**40 + 7)
torch.rand(2)
