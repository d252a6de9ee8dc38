"""Descent in Rosenbrock's banana valley, with a step that is halved until it goes down."""

import torch

torch.set_default_dtype(torch.float64)

a, b = 1.0, 100.0
p = torch.tensor([-1.2, 1.0], requires_grad=True)
steps = 0
halvings = 0

while steps < 100:
    f = (a - p[0]) ** 2 + b * (p[1] - p[0] ** 2) ** 2
    p.grad = None
    f.backward()
    if p.grad.norm() < 1e-2:
        break

    rate = 1.0
    with torch.no_grad():
        slope = (p.grad * p.grad).sum()
        while True:
            q = p - rate * p.grad
            new = (a - q[0]) ** 2 + b * (q[1] - q[0] ** 2) ** 2
            if new <= f - 1e-4 * rate * slope:
                break
            rate /= 2
            halvings += 1
        p.copy_(q)

    if steps % 20 == 0:
        print(f"step {steps:3d}: f = {f.item():.6f}, |grad| = {p.grad.norm().item():.4f}")
    steps += 1

print(steps, halvings)
print(f"({p[0].item():.3f}, {p[1].item():.3f})")
f
f.grad_fn
