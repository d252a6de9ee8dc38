"""retain_grad and retain_graph: what backward keeps of the tensors in between."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * x
y.retain_grad()
z = torch.exp(-y)
z.retain_grad()
out = z.sum()

# Asking for a gradient to be retained doesn't change what a tensor shows.
y
x.is_leaf, y.is_leaf, z.is_leaf
x.grad, y.grad, z.grad

out.backward(retain_graph=True)
z.grad
y.grad
x.grad

# Retained gradients accumulate as those of leaves do.
out.backward()
z.grad
x.grad
y.grad = None
x.grad = None
(x + 1).sum().backward()
x.grad, y.grad

# A sum saves nothing for its gradient, so its graph is never used up.
s = (x + 2).sum()
s.backward()
s.backward()
x.grad

# Two outputs over one part: the first pass must keep the graph for the second.
shared = torch.sigmoid(x)
first, second = shared.sum(), (shared * shared).sum()
x.grad = None
first.backward(retain_graph=True)
x.grad
second.backward()
x.grad

# backward of a vector needs a vector.
x.grad = None
v = x**2
v.backward(gradient=torch.tensor([1.0, 0.1, 0.01]))
x.grad
v.grad_fn

# Of a leaf itself: the gradient is what is given.
leaf = torch.zeros(2, requires_grad=True)
leaf.backward(torch.tensor([5.0, 6.0]))
leaf.grad
