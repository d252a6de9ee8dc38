"""Stochastic gradient descent over shuffled batches, with a decaying rate and clipped gradients."""

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(21)

n, features, batch = 20, 3, 8
X = torch.randn(n, features)
true_w = torch.tensor([1.0, -2.0, 0.5])
y = X @ true_w + 0.01 * torch.randn(n)

w = torch.zeros(features, requires_grad=True)
rate = 0.2
clipped = 0

for epoch in range(6):
    order = torch.randperm(n)
    losses = []
    for start in range(0, n, batch):
        picked = order[start : start + batch]
        residual = X[picked] @ w - y[picked]
        loss = (residual**2).mean()
        loss.backward()
        with torch.no_grad():
            length = w.grad.norm()
            if length > 2:
                w.grad.mul_(2 / length)
                clipped += 1
            w -= rate * w.grad
            w.grad.zero_()
        losses.append(loss.item())
    average = sum(losses) / len(losses)
    print(f"epoch {epoch + 1}: mean loss {average:.6f} over {len(losses)} batches, rate {rate:.4f}")
    rate *= 0.9
    if average < 1e-3:
        print("good enough")
        break

clipped
w
order
X[order[:2]]

# The same sum, batch by batch with an index beside it.
total = 0.0
for number, start in enumerate(range(0, n, batch)):
    part = X[start : start + batch]
    total = total + part.sum()
    print(number, part.shape[0])
torch.isclose(total, X.sum())

# Layers and their names, side by side.
names = ["weight", "truth"]
for name, tensor in zip(names, [w.detach(), true_w]):
    print(f"{name:>8}: {tensor}")
