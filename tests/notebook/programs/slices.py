"""Tensors put together part by part: assignments to elements and slices that have a history."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)

# The table is plain until something with a history is written into it.
out = torch.zeros(3)
for i in range(3):
    out[i] = x[i] ** (i + 1)
out
out.requires_grad, out.is_leaf
out.sum().backward()
x.grad

# A row of a matrix, a column, a single element.
x.grad = None
table = torch.zeros(2, 3)
table[0] = x * 2
table[1, 1:] = x[:2] * x[1:]
table[:, 0] = 5
table
(table * torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])).sum().backward()
x.grad

# What is overwritten loses its gradient.
x.grad = None
y = x * 10
y[1] = -1
y
y.sum().backward()
x.grad

# In-place arithmetic on a part.
x.grad = None
y = x.clone()
y[0] *= 4
y[1:] += y[:1]
y
y.sum().backward()
x.grad

# Where a condition holds.
x.grad = None
y = x * x
y[y > 3] = 3
y
y.sum().backward()
x.grad

# A recurrence that fills a table: Fibonacci's numbers from a differentiable start.
start = torch.tensor(1.0, requires_grad=True)
f = torch.zeros(8)
f[0], f[1] = start, start * 1
for n in range(2, 8):
    f[n] = f[n - 1].clone() + f[n - 2].clone()
print(f.detach())
f[7].backward()
start.grad
