"""In-place operations on tensors with a history: what the gradient makes of the old value."""

import torch

x = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)
w = torch.tensor([2.0, 3.0, 4.0], requires_grad=True)

# The operation keeps what its gradient needs of the value that it replaces.
y = x * 1
y **= 2
y *= w
y /= 4
y.sin_()
y
y.sum().backward()
x.grad, w.grad

x.grad, w.grad = None, None
y = x + 1
y.mul_(w).sub_(x).pow_(2).log_()
y
y.sum().backward()
x.grad, w.grad

# A value that was used before it changed, where the gradient doesn't need it.
x.grad = None
y = x * 2
z = y + 3
y += 1
z.sum().backward()
x.grad

# What is overwritten as a whole has a gradient of zeros behind it.
x.grad = None
y = x * x
y.zero_()
y.requires_grad, y.is_leaf
y.sum().backward()
x.grad

x.grad, w.grad = None, None
y = x * 1
y.copy_(w)
y *= 2
y
y.sum().backward()
x.grad, w.grad

# Under no_grad the values change and the history stays.
x.grad = None
y = x + 1
with torch.no_grad():
    y *= 10
y
y.sum().backward()
x.grad

# The same through data.
x.grad = None
y = x * 3
y.data.mul_(100)
y
y.sum().backward()
x.grad

# An accumulator that takes up a loop's results.
x.grad, w.grad = None, None
total = torch.zeros(3)
product = torch.ones(3)
for factor in (1, 2, 3):
    total += factor * x
    product *= w / factor
total
product
(total * product).sum().backward()
x.grad
w.grad

# Views of one tensor with a history.
x.grad = None
y = x.clone()
first, rest = y[:1], y[1:]
rest *= 3
first += rest[0]
y
y.sum().backward()
x.grad
