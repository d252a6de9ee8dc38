"""Second derivatives: a Hessian row by row, products with it, and Newton's step."""

import torch

torch.set_default_dtype(torch.float64)

x = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)

f = (x**4).sum() + x[0] * x[1] * x[2] + torch.exp(x[0] - x[1])
f

(g,) = torch.autograd.grad(f, x, create_graph=True)
g.detach()
g.requires_grad

H = torch.zeros(3, 3)
for i in range(3):
    H[i] = torch.autograd.grad(g[i], x, retain_graph=True)[0]
H
assert torch.allclose(H, H.T)

# A product with a vector needs no matrix.
v = torch.tensor([1.0, 0.0, -1.0])
(hv,) = torch.autograd.grad(g @ v, x, retain_graph=True)
hv
H @ v
(also,) = torch.autograd.grad(g, x, grad_outputs=v)
also

torch.linalg.solve(H, g.detach())

# Newton's method on the whole vector.
for step in range(10):
    f = (x**4).sum() + x[0] * x[1] * x[2] + torch.exp(x[0] - x[1])
    (g,) = torch.autograd.grad(f, x, create_graph=True)
    rows = []
    for component in g:
        rows.append(torch.autograd.grad(component, x, retain_graph=True)[0])
    H = torch.stack(rows) + 0.5 * torch.eye(3)
    with torch.no_grad():
        x -= torch.linalg.solve(H, g)
print(f"f = {f.item():.8f}, |g| small: {g.norm().item() < 0.1}")
print(f"{x[0].item():.3f} {x[1].item():.3f} {x[2].item():.3f}")

# The third derivative of sin is -cos.
t = torch.tensor([0.0, 0.5, 1.0], requires_grad=True)
derivative = torch.sin(t)
for order in range(3):
    (derivative,) = torch.autograd.grad(derivative.sum(), t, create_graph=True)
derivative.detach()
-torch.cos(t.detach())
