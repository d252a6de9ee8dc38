"""A spring, integrated step by step; gradients go back through the whole motion."""

import torch

torch.set_default_dtype(torch.float64)

dt, steps = 0.01, 300
stiffness = torch.tensor(4.0, requires_grad=True)
damping = torch.tensor(0.1, requires_grad=True)
x0 = torch.tensor(1.0, requires_grad=True)

x, v = x0, torch.tensor(0.0)
for step in range(steps):
    v = v + dt * (-stiffness * x - damping * v)
    x = x + dt * v
    if (step + 1) % 100 == 0:
        print(f"t = {dt * (step + 1):.2f}: x = {x:.6f}, v = {v:.6f}")
x

x.backward()
stiffness.grad, damping.grad, x0.grad

# The motion is linear in the start, so its derivative is the motion itself.
assert torch.isclose(x0.grad * x0, x)

# Find the stiffness that was behind an observation.
observed = torch.tensor(-0.5)
guess = torch.tensor(3.0, requires_grad=True)
for round in range(200):
    x, v = torch.tensor(1.0), torch.tensor(0.0)
    for step in range(50):
        v = v - 0.02 * guess * x
        x = x + 0.02 * v
    miss = (x - observed) ** 2
    if miss.item() < 1e-16:
        break
    miss.backward()
    with torch.no_grad():
        guess -= 10.0 * guess.grad
    guess.grad = None
    if round % 10 == 0:
        print(f"{round}: stiffness {guess.item():.6f}, miss {miss.item():.3e}")
guess
