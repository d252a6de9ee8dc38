"""The largest eigenvalue by power iteration, and how it depends on the matrix."""

import torch

torch.set_default_dtype(torch.float64)

A = torch.tensor([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]], requires_grad=True)
v = torch.ones(3)

with torch.no_grad():
    for iteration in range(1, 101):
        w = A @ v
        new = w / w.norm()
        change = (new - v).norm()
        v = new
        if iteration <= 3:
            print(iteration, v)
        if change < 1e-12:
            print(f"converged after {iteration} iterations")
            break

v
v.requires_grad

# The Rayleigh quotient at the eigenvector: its gradient with respect to A is v v'.
value = v @ A @ v / (v @ v)
value
value.backward()
A.grad
torch.outer(v, v)
assert torch.allclose(A.grad, torch.outer(v, v))

residual = (A @ v - value * v).norm().item()
print(f"residual below 1e-9: {residual < 1e-9}")
trace = A.trace()
trace, A.diagonal().sum()
