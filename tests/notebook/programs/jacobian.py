"""A Jacobian, row by row; then its products without ever forming it."""

import torch

torch.set_default_dtype(torch.float64)

x = torch.tensor([1.0, 2.0, 0.5], requires_grad=True)
y = torch.stack([x[0] * x[1], x[1] * x[2] ** 2, torch.sin(x[0]), x.sum()])
y

rows = []
for i in range(y.shape[0]):
    (row,) = torch.autograd.grad(y[i], x, retain_graph=True)
    rows.append(row)
J = torch.stack(rows)
J
J.shape

# The same with backward and a unit vector.
again = torch.zeros(4, 3)
for i in range(4):
    x.grad = None
    e = torch.zeros(4)
    e[i] = 1
    y.backward(e, retain_graph=True)
    again[i] = x.grad
assert torch.equal(J, again)

# vector times Jacobian, in one pass.
v = torch.tensor([1.0, -1.0, 2.0, 0.5])
torch.autograd.grad(y, x, grad_outputs=v, retain_graph=True)
v @ J

# Jacobian times vector: the derivative of v'J with respect to v.
u = torch.zeros(4, requires_grad=True)
(vjp,) = torch.autograd.grad(y, x, u, create_graph=True)
t = torch.tensor([1.0, 0.0, -1.0])
torch.autograd.grad(vjp, u, t)[0]
J @ t

# In polar coordinates the determinant is the radius.
polar = torch.tensor([2.0, 0.6], requires_grad=True)
r, angle = polar
cartesian = [r * torch.cos(angle), r * torch.sin(angle)]
rows = []
for coordinate in cartesian:
    rows.append(torch.autograd.grad(coordinate, polar, retain_graph=True)[0])
jacobian = torch.stack(rows)
jacobian
print(f"{torch.linalg.det(jacobian).item():.6f} {r.item():.6f}")
