"""A network of two layers learns XOR."""

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)

X = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
Y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])

hidden = 8
w1 = torch.randn(2, hidden, requires_grad=True)
b1 = torch.zeros(hidden, requires_grad=True)
w2 = torch.randn(hidden, 1, requires_grad=True)
b2 = torch.zeros(1, requires_grad=True)
parameters = [w1, b1, w2, b2]

weights = 0
for p in parameters:
    weights += p.numel()
print(f"{len(parameters)} parameters with {weights} weights")

for epoch in range(1001):
    h = torch.tanh(X @ w1 + b1)
    out = torch.sigmoid(h @ w2 + b2)
    loss = ((out - Y) ** 2).mean()
    if epoch % 250 == 0:
        print(f"{epoch}: {loss.item():.6f}")
    loss.backward()
    with torch.no_grad():
        for p in parameters:
            p -= 1.0 * p.grad
            p.grad.zero_()

out
(out > 0.5).long().flatten()
w2.T
loss.grad_fn

h.grad_fn
out.requires_grad, w1.is_leaf
assert loss < 0.01, f"not learnt: {loss}"
