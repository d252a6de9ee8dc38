"""Logistic regression: two clouds of points, a plane between them."""

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)

n = 30
X = torch.cat([torch.randn(n, 2) + 1.5, torch.randn(n, 2) - 1.5])
y = torch.cat([torch.ones(n), torch.zeros(n)])
print(X.shape, y.shape, y.sum())

w = torch.zeros(2, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)

for step in range(1, 201):
    logits = X @ w + b
    p = torch.sigmoid(logits)
    loss = -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()
    penalty = 0.01 * (w**2).sum()
    (loss + penalty).backward()
    with torch.no_grad():
        for parameter in (w, b):
            parameter -= 0.5 * parameter.grad
            parameter.grad = None
    if step == 1 or step % 50 == 0:
        accuracy = ((p > 0.5) == (y > 0.5)).double().mean()
        print(f"{step:4d}  loss {loss:.6f}  penalty {penalty:.6f}  accuracy {accuracy:.3f}")

w
b
w.grad

# The probability of class 1 in the middle and far out.
with torch.no_grad():
    points = torch.tensor([[0.0, 0.0], [1.0, 1.0], [-1.0, -1.0], [3.0, -3.0]])
    print(torch.sigmoid(points @ w + b))
