"""A recurrent network, unrolled by a loop: backpropagation through time."""

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)

steps, inputs, units = 5, 2, 4
sequence = torch.randn(steps, inputs)
Wx = (0.5 * torch.randn(inputs, units)).requires_grad_()
Wh = (0.5 * torch.randn(units, units)).requires_grad_()
bias = torch.zeros(units, requires_grad=True)
target = torch.tensor([0.5, -0.5, 0.25, 0.75])

h = torch.zeros(units)
states = []
for t in range(steps):
    h = torch.tanh(sequence[t] @ Wx + h @ Wh + bias)
    h.retain_grad()
    states.append(h)
    print(t, h)

loss = ((h - target) ** 2).sum()
loss.backward()
loss

# How much of the error reaches each state, seen from the end.
for t in range(steps - 1, -1, -1):
    print(f"state {t}: |grad| = {states[t].grad.norm().item():.6f}")

Wx.grad
Wh.grad
bias.grad

# The same network over the rows of the tensor itself, trained for a while.
for epoch in range(1, 21):
    h = torch.zeros(units)
    for row in sequence:
        h = torch.tanh(row @ Wx + h @ Wh + bias)
    loss = ((h - target) ** 2).sum()
    Wx.grad, Wh.grad, bias.grad = None, None, None
    loss.backward()
    with torch.no_grad():
        Wx -= 0.02 * Wx.grad
        Wh -= 0.02 * Wh.grad
        bias -= 0.02 * bias.grad
    if epoch % 5 == 0:
        print(f"{epoch}: {loss.item():.8f}")

h
states[-1].shape, len(states)
