# The graph is what ran: loops and branches are decided by values.
import torch

torch.manual_seed(3)

x = torch.randn(3, requires_grad=True)
x
y = x * 2
doublings = 0
while y.data.norm() < 1000:
    y = y * 2
    doublings += 1
y
print(f"{doublings} doublings, a factor of {2 ** (doublings + 1)}")
y.backward(torch.tensor([0.1, 1.0, 0.0001]))
x.grad

# A branch for each element.
pieces = []
for value in x:
    if value > 0.5:
        pieces.append(value**2)
    elif value > 0:
        pieces.append(10 * value)
    else:
        pieces.append(-value)
result = torch.stack(pieces)
result
x.grad.zero_()
result.sum().backward()
x.grad

# The Collatz walk of a number, with a weight that is used as often as it takes.
w = torch.tensor(1.01, requires_grad=True)
n, steps = 27, 0
product = torch.tensor(1.0)
while n != 1:
    if n % 2 == 0:
        n = n // 2
    else:
        n = 3 * n + 1
    steps += 1
    if steps > 20:
        continue
    product = product * w
print(steps, product.item() > 1)
product.backward()
print(f"{w.grad.item():.3f}")

# Heron's square root converges while it runs, and so does its derivative.
a = torch.tensor(2.0, requires_grad=True)
root = a
rounds = 0
while (root * root - a).abs() > 1e-4:
    root = (root + a / root) / 2
    rounds += 1
root.backward()
print(f"{rounds} rounds: {root.item():.4f}, derivative {a.grad.item():.4f}")

# A depth that random numbers choose; the weights are shared.
h = torch.ones(2)
weights = torch.eye(2) * 0.5 + 0.1
weights.requires_grad_()
depth = torch.randint(1, 5, (1,)).item()
for _ in range(depth):
    h = torch.relu(weights @ h)
print(depth, h)
h.sum().backward()
weights.grad
