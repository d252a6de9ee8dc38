"""Assignments to items: repeated indices, masks, whole tensors, other dtypes."""

import torch

x = torch.tensor([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]], requires_grad=True)
v = torch.tensor([7.0, 8.0, 9.0], requires_grad=True)
rows = torch.tensor([1, 1])

y = x * 2
y[rows] = x * 3
print(y)
y[0, rows] += x[0, :2]
print(y)
y[y > 10] = v.sum()
print(y, y.grad_fn)
(y**2).sum().backward()
print(x.grad, v.grad)

y = x * 2
y[0, [2, 0]] = v[:2]
print(y, y.grad_fn)
y[...] = v
print(y, y.grad_fn)
y[:] = 1.5
print(y, y.grad_fn)
y[:, 1:] = v[:1]
print(y, y.grad_fn)
y[[True, False]] = torch.ones(1, 1, 3)
print(y, y.grad_fn)
y.sum().backward()
print(v.grad)

k = torch.arange(6).reshape(2, 3)
k[0] = 1.7
k[k > 3] = 9.9
k[:, 0] = torch.tensor([2.5, -2.5])
print(k)

m = torch.zeros(2, 3)
m.index_put_((torch.tensor([0, 0]), torch.tensor([1, 1])), torch.tensor([1.0, 2.0]), True)
m.scatter_(1, torch.tensor([[2], [0]]), 5.0)
m.index_add_(0, rows, torch.ones(2, 3))
m.masked_fill_(m == 5, -1)
m.index_fill_(1, torch.tensor([0]), 4)
print(m)
print(torch.nonzero(m > 2), torch.where(m < 0), m[torch.nonzero(m > 2, as_tuple=True)])
