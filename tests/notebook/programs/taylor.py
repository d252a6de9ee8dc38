"""The truncated Taylor series of sine, its derivative, and the coefficients found again."""

import math

import torch

torch.set_default_dtype(torch.float64)

x = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)

term = x
series = x
for n in range(1, 9):
    term = -term * x * x / ((2 * n) * (2 * n + 1))
    series = series + term
    if n % 3 == 1:
        print(f"{n + 1:2d} terms: error {(series - torch.sin(x)).abs().max().item():.3e}")

series
torch.sin(x)
series.grad_fn

series.sum().backward()
x.grad
torch.cos(x.detach())
assert torch.allclose(x.grad, torch.cos(x))

# The coefficients of exp(sin(t)) at 0: derivative after derivative of one graph.
t = torch.tensor(0.0, requires_grad=True)
value = torch.exp(torch.sin(t))
coefficients = []
derivative = value
for order in range(6):
    coefficients.append(derivative.item() / math.factorial(order))
    (derivative,) = torch.autograd.grad(derivative, t, create_graph=True)
for order in range(len(coefficients)):
    print(f"{order}: {coefficients[order]:+.6f}")

# The polynomial with these coefficients, by Horner's rule, against the function.
at = 0.1
total = 0.0
for order in range(5, -1, -1):
    total = total * at + coefficients[order]
print(f"{total:.8f} {math.exp(math.sin(at)):.8f}")
