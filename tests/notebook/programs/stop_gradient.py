"""detach() as stop-gradient: values that pass and gradients that don't."""

import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)

# y = x * sg(x): the detached factor counts as a constant.
y = x * x.detach()
y
y.sum().backward()
x.grad

x.grad = None
(x * x).sum().backward()
x.grad

d = x.detach()
d.requires_grad, d.is_leaf
d.grad_fn
x.data

# The straight-through estimator: the value of round(x), the gradient of x.
x = torch.tensor([0.2, 0.7, 1.4, -0.6], requires_grad=True)
hard = x + (x.round() - x).detach()
hard
(hard * torch.tensor([1.0, 2.0, 3.0, 4.0])).sum().backward()
x.grad

# With round alone nothing comes through.
x.grad = None
x.round().sum().backward()
x.grad

# Bootstrapping: a target made of the same weights, held fixed.
w = torch.tensor(0.5, requires_grad=True)
for step in range(3):
    target = (1 + 0.9 * w).detach()
    loss = (w - target) ** 2
    loss.backward()
    print(f"step {step}: target {target.item():.4f} loss {loss.item():.4f} grad {w.grad:.4f}")
    with torch.no_grad():
        w -= 0.25 * w.grad
    w.grad = None
w

# detach() shares memory with its tensor.
source = torch.zeros(3)
shared = source.detach()
shared[1] = 9
source
alone = source.clone().detach()
alone[0] = -1
source, alone

# detach and start afresh as a leaf.
z = (w * 2).detach().requires_grad_(True)
z
(z**2).backward()
z.grad, w.grad
