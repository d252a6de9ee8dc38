"""Turns of phrase that tutorials use around a training loop."""

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(10)

w = torch.randn(3, requires_grad=True)
x = torch.tensor([1.0, 2.0, 3.0])
best, best_step = float("inf"), None
print(best, -float("inf"), float("1e-3"), int(2.9), int("12"), bool(0), str(3))

for step in range(8):
    loss = (w @ x - 1).pow(2)
    if w.grad is not None:
        w.grad.zero_()
    loss.backward()
    rate = 0.05 if step < 4 else 0.01
    with torch.no_grad():
        w -= rate * w.grad
    if loss.item() < best:
        best, best_step = loss.item(), step
    print(f"{step} {loss.item():.6f} {'*' if best_step == step else ' '}")

print(w.grad is None, best_step is not None)

# One value for several names; a list of tensors; numbers out of tensors.
total = count = 0
for value in x.tolist():
    total += value
    count += 1
total / count
float(x[0]), int(x[1]), x[2].item(), x.tolist()
x.sum().item() / len(x)
a = b = torch.zeros(2)
b += 1
a

# Rows with their numbers, pairs, membership.
for i, row in enumerate(torch.eye(2)):
    print(i, row)
for left, right in zip(x, torch.ones(3)):
    print((left - right).item(), end=" ")
print()
for name in ("a", "b"):
    print(name, end="")
print()

# Functions of Python on numbers, lists and tensors.
abs(-2.5), max(1, 2), min(3, 2.5), sum([1, 2, 3]), round(2.567, 2), pow(2, 5)
abs(torch.tensor([-1.0, 2.0])), max([3, 9, 4]), len("text")
sum([x[0], x[1]])

# A line across the page, a table's head, texts put together.
print("-" * 30)
print("step" + " " * 2 + "loss")
message = "the loss is " + str(round(loss.item(), 4))
message += "."
print(message)
