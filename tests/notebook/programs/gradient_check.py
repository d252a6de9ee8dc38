"""A gradient checked by central differences, element by element."""

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(11)

W = torch.randn(3, 2, requires_grad=True)
x = torch.tensor([0.5, -1.0, 0.25])
y = torch.tensor([1.0, 0.0])

loss = ((torch.tanh(x @ W) - y) ** 2).sum()
loss.backward()
W.grad

h = 1e-6
numeric = torch.zeros_like(W)
with torch.no_grad():
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            before = W[i, j].item()
            W[i, j] = before + h
            above = ((torch.tanh(x @ W) - y) ** 2).sum()
            W[i, j] = before - h
            below = ((torch.tanh(x @ W) - y) ** 2).sum()
            W[i, j] = before
            numeric[i, j] = (above - below) / (2 * h)
numeric

difference = (numeric - W.grad).abs().max().item()
print("agrees" if difference < 1e-8 else f"differs by {difference}")
assert torch.allclose(numeric, W.grad, atol=1e-8)

# A rule that was derived by hand, with a mistake in it.
t = torch.tanh(x @ W.detach())
right = torch.outer(x, 2 * (t - y) * (1 - t**2))
wrong = torch.outer(x, 2 * (t - y) * (1 - t))
for name, guess in [("right", right), ("wrong", wrong)]:
    ratio = (guess - numeric).norm() / numeric.norm()
    print(f"{name}: {'passes' if ratio < 1e-6 else 'fails'}")

# At a kink the two differ: there is no derivative to find.
k = torch.tensor(0.0, requires_grad=True)
k.abs().backward()
slope = ((k.detach() + h).abs() - (k.detach() - 2 * h).abs()) / (3 * h)
print(k.grad.item(), f"{slope.item():.4f}")
