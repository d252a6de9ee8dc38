"""Gradient descent with momentum, then Nesterov's and Adam's way, each written by hand."""

import torch

torch.set_default_dtype(torch.float64)

curvature = torch.tensor([1.0, 25.0])
start = torch.tensor([4.0, 1.0])

# Plain descent, for comparison.
x = start.clone().requires_grad_()
for step in range(50):
    loss = 0.5 * (curvature * x**2).sum()
    loss.backward()
    with torch.no_grad():
        x -= 0.035 * x.grad
        x.grad.zero_()
print(f"plain     {loss.item():.6e}")

# Heavy ball.
x = start.clone().requires_grad_()
velocity = torch.zeros_like(x)
for step in range(50):
    loss = 0.5 * (curvature * x**2).sum()
    loss.backward()
    velocity = 0.8 * velocity - 0.035 * x.grad
    x.data += velocity
    x.grad = None
print(f"momentum  {loss.item():.6e}")
velocity.requires_grad

# Nesterov: the gradient is taken where the velocity leads to.
x = start.clone()
velocity = torch.zeros(2)
for step in range(50):
    ahead = (x + 0.8 * velocity).requires_grad_()
    loss = 0.5 * (curvature * ahead**2).sum()
    loss.backward()
    velocity.mul_(0.8).sub_(ahead.grad, alpha=0.035)
    x += velocity
print(f"nesterov  {loss.item():.6e}")

# Adam, with its two running means.
x = start.clone().requires_grad_()
m, v = torch.zeros(2), torch.zeros(2)
beta1, beta2, epsilon = 0.9, 0.999, 1e-8
for step in range(1, 51):
    loss = 0.5 * (curvature * x**2).sum()
    loss.backward()
    with torch.no_grad():
        m = beta1 * m + (1 - beta1) * x.grad
        v = beta2 * v + (1 - beta2) * x.grad**2
        m_hat = m / (1 - beta1**step)
        v_hat = v / (1 - beta2**step)
        x -= 0.3 * m_hat / (v_hat.sqrt() + epsilon)
        x.grad = None
    if step % 10 == 0:
        print(f"adam {step:3d}  {loss.item():.6f}  {x[0].item():+.5f} {x[1].item():+.5f}")
m
v
x
