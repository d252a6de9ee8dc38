"""Largest and smallest values, where they stand, and who gets their gradient."""

import torch

x = torch.tensor([[1.0, 5.0, 2.0], [7.0, -3.0, 7.0]], requires_grad=True)

values, indices = x.max(dim=1)
values
indices
values.sum().backward()
x.grad

smallest, where = torch.min(x, 0)
print(smallest, where)
x.grad = None
(smallest * torch.tensor([1.0, 10.0, 100.0])).sum().backward()
x.grad

x.max(dim=0)
x.max(dim=1).indices
best = x.max()
best
x.grad = None
best.backward()
x.grad

x.grad = None
x.amax(dim=1).sum().backward()
x.grad

x.argmax(), x.argmin()
x.argmax(dim=1)
x.argmin(dim=0, keepdim=True)

# Accuracy of a classifier.
scores = torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
labels = torch.tensor([1, 0, 0, 0])
predicted = scores.argmax(1)
correct = (predicted == labels).sum().item()
print(f"{correct} of {len(labels)} correct, {100 * correct / len(labels):.1f}%")

confidence, choice = scores.max(1)
confidence, choice

# Elementwise, clamped, and as a margin.
a = torch.tensor([1.0, 4.0], requires_grad=True)
b = torch.tensor([3.0, 2.0], requires_grad=True)
larger = torch.maximum(a, b)
larger
(larger * 2).sum().backward()
a.grad, b.grad
hinge = (1 - a + b).clamp(min=0).sum()
hinge
a.grad, b.grad = None, None
hinge.backward()
a.grad, b.grad
torch.where(a > b, a, torch.zeros(2))
(a > b).any(), (a > b).all()
