"""In-place operations: where they are defined, on plain tensors and on those with a history."""

import torch

# Plain tensors.
x = torch.arange(6.0).reshape(2, 3)
x += 1
x
x -= 0.5
x *= 2
x /= 4
x **= 2
x
x.zero_()
x
x.fill_(3).mul_(2).sub_(1).div_(2)
x
x.add_(torch.tensor([1.0, 2.0, 3.0]))
x
x.clamp_(4.0, 5.0)
x
x.neg_().abs_().sqrt_()
x

# Names that share a tensor share what happens to it; arithmetic makes a new one.
a = torch.ones(3)
b = a
b += 1
a
b = b + 1
a, b
a.copy_(b)
a

# Views see it too, both ways.
base = torch.zeros(2, 3)
row = base[0]
row += 1
base
base[1, 2] = 7
base[:, 0] = torch.tensor([4.0, 5.0])
base
column = base[:, 2]
column
flat = base.view(6)
flat *= 10
base
base.T
base[base > 40] = 0
base
for line in base:
    line += 1
base

# Numbers are not shared.
n = 1
m = n
m += 1
n, m

# A tensor with a history goes on as the result of the operation.
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3
y += 1
y
y *= 2
y
y.grad_fn
y.sum().backward()
x.grad

x.grad = None
z = x**2
z.mul_(5).add_(x)
z
z.sum().backward()
x.grad

# So does a plain one that takes up something with a history.
total = torch.zeros(2)
total.requires_grad, total.is_leaf
total += x
total += 2 * x
total
total.requires_grad, total.is_leaf
x.grad = None
total.sum().backward()
x.grad

# A leaf that requires a gradient is changed under no_grad, or through its data.
with torch.no_grad():
    x.add_(1)
    x.mul_(2)
    x[0] = 10
x
x.data -= 1
x
x.data[1] = 0.25
x
x.data.fill_(2)
x
x.data = torch.tensor([7.0, 8.0])
x
x.is_leaf, x.requires_grad

# Detached tensors are the same memory.
d = x.detach()
d += 1
x
x.grad.zero_()
(x * x).sum().backward()
x.grad
x.grad *= 0.5
x.grad.mul_(4)
x.grad
