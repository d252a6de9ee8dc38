"""Linear regression by gradient descent: the line behind noisy points."""

import torch

torch.manual_seed(42)

# The data: y = 3 x - 1.5, and a little noise.
x = torch.rand(40, 1) * 4 - 2
y = 3 * x - 1.5 + 0.1 * torch.randn(40, 1)
print(x[:3])
print(y[:3])

w = torch.randn(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
learning_rate = 0.1
w, b

for epoch in range(60):
    prediction = x * w + b
    loss = ((prediction - y) ** 2).mean()
    loss.backward()

    with torch.no_grad():
        w -= learning_rate * w.grad
        b -= learning_rate * b.grad

    # The gradients would add up otherwise.
    w.grad.zero_()
    b.grad.zero_()

    if epoch % 10 == 0 or epoch == 59:
        print(f"epoch {epoch:2d}: loss {loss.item():.4f}, w {w.item():.3f}, b {b.item():.3f}")

w
b
w.is_leaf, w.grad
loss.grad_fn

assert abs(w.item() - 3) < 0.1, "the slope is wrong"
assert abs(b.item() + 1.5) < 0.1, "the intercept is wrong"
