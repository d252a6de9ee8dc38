"""torch.autograd.grad with several inputs: gradients as values, none of them stored."""

import torch

torch.set_default_dtype(torch.float64)

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([3.0, 4.0], requires_grad=True)
c = torch.tensor(0.5, requires_grad=True)

y = (a * b + c * b.pow(2)).sum()
y

da, db, dc = torch.autograd.grad(y, [a, b, c], retain_graph=True)
da
db
dc
print(a.grad, b.grad, c.grad)

# The gradients as they come: a tuple.
torch.autograd.grad(y, (a, c), retain_graph=True)
gradients = torch.autograd.grad(outputs=y, inputs=[b], retain_graph=True)
len(gradients), gradients[0].shape

# What is not used has no gradient: None, where that is allowed.
unused = torch.ones(3, requires_grad=True)
found, nothing = torch.autograd.grad(y, [a, unused], allow_unused=True, retain_graph=True)
found
print(nothing)

# A gradient with respect to something in the middle.
product = a * b
z = (product**2).sum()
(middle,) = torch.autograd.grad(z, product, retain_graph=True)
middle
2 * product.detach()
torch.autograd.grad(z, [a, product])

# A gradient penalty: the size of the first gradient is part of the second one's function.
w = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
x = torch.tensor([1.0, 2.0, 0.5], requires_grad=True)
score = torch.tanh(w * x).sum()
(gx,) = torch.autograd.grad(score, x, create_graph=True)
penalty = (gx.norm() - 1) ** 2
penalty
penalty.backward()
w.grad
x.grad

# Only what leads to the inputs asked for is run, so the other half of the graph is still there.
left = torch.tensor(2.0, requires_grad=True)
right = torch.tensor(3.0, requires_grad=True)
both = left**2 + right**3
torch.autograd.grad(both, left)
torch.autograd.grad(both, right)
