"""Newton's method: the second derivative comes from differentiating the first one."""

import torch

torch.set_default_dtype(torch.float64)

x = torch.tensor(2.0, requires_grad=True)

print("a minimum of x^4 - 3 x^3 + 2")
for step in range(8):
    f = x**4 - 3 * x**3 + 2
    (g,) = torch.autograd.grad(f, x, create_graph=True)
    (h,) = torch.autograd.grad(g, x)
    print(f"{step}  x {x.item():.8f}  f {f.item():+.8f}", end="  ")
    print(f"|f'| {g.abs().item():.6f}  f'' {h.item():.6f}")
    if g.abs() < 1e-6:
        break
    with torch.no_grad():
        x -= g / h

x
g.grad_fn
g.requires_grad, h.requires_grad

# The same through backward(): x.grad itself has a graph then.
z = torch.tensor([1.0, 2.0], requires_grad=True)
y = (z**3).sum()
y.backward(create_graph=True)
print(z.grad.detach())
gradient = z.grad
z.grad = None
gradient.sum().backward()
z.grad

# A square root, as the root of r^2 - 2.
r = torch.tensor(1.0, requires_grad=True)
iterations = 0
while abs(r.item() ** 2 - 2) > 1e-14:
    error = r**2 - 2
    slope = torch.autograd.grad(error, r)[0]
    r = (r - error / slope).detach().requires_grad_()
    iterations += 1
print(iterations, f"{r.item():.12f}")
