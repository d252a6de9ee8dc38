# Gradients accumulate over calls of backward until they are cleared.
import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
print(x.grad)

(x * x).sum().backward()
x.grad
(x * x).sum().backward()
x.grad

# The two ways of clearing them.
x.grad.zero_()
x.grad
(3 * x).sum().backward()
x.grad
x.grad = None
print(x.grad)
(3 * x).sum().backward()
x.grad

# An accumulated gradient is one tensor: a name for it sees what comes in later.
x.grad = None
x.sum().backward()
kept, copied = x.grad, x.grad.clone()
x.sum().backward()
kept, copied

# One graph, several backward passes.
x.grad = None
y = (x**3).sum()
y.backward(retain_graph=True)
x.grad
y.backward(retain_graph=True)
y.backward()
x.grad

# A batch in parts has the gradient of the whole.
data = torch.arange(12.0).reshape(4, 3)
w = torch.tensor([0.5, -0.25, 0.125], requires_grad=True)
((data @ w) ** 2).mean().backward()
whole = w.grad
w.grad = None
for part in data:
    loss = (part @ w) ** 2 / len(data)
    loss.backward()
whole
w.grad
assert torch.allclose(whole, w.grad)

# Leaves that one graph shares each get their own part.
a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(5.0, requires_grad=True)
c = a * b
(c + a).backward()
a.grad, b.grad
(a - b).backward()
a.grad, b.grad
