"""Logging as training loops do it: f-strings, item(), print with its separators."""

import torch

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
loss = (x**2).mean()

print(f"{loss}")
print(f"{loss:.4f}", f"{loss.item():.4f}", f"{loss.item()}")
print(f"{loss!r}")
print(f"{x}")
print(f"gradient before: {x.grad}")
loss.backward()
print(f"gradient after:\n{x.grad}")
print(f"{x.grad.norm():.6f} {x.grad.sum().item():8.3f}|")
print(f"{x.grad.max():<10.1f}|{x.grad.min():^10.2f}|")
print(f"{x.shape} {x.size()} {x.shape[0]} {x.size(1)} {x.dtype} {x.numel()} {x.dim()} {x.ndim}")
print(f"{x.requires_grad} {x.is_leaf} {loss.grad_fn} {x.grad_fn}")

epoch, epochs, rate = 3, 20, 0.00125
print(f"[{epoch:>3}/{epochs:<3}] rate {rate:.1e} {rate:g} {rate:%} {epoch / epochs:.0%}")
print(f"{epoch:03d} {epochs:5d} {-epoch:+d} {epochs:x} {1234567:,} {1234.5678:,.2f} {1e-7} {1e22}")
print(f"{{braces}} {'quoted'!r:>10} {'text':*^10} {True} {None}")
print(f"{epoch=} {rate * 2 = :.4f}")
width, digits = 12, 3
print(f"|{3.14159:{width}.{digits}f}|")
print(f"{loss.item():.2f}" " and " f"{epoch}")
print("epoch", epoch, "loss", loss.item(), sep=": ", end=" <\n")
print("loss:", loss, "\nx:", x)
print()
print(x[0], x[0, 1], x[0, 1].item(), x.T, sep="\n")
print([1, 2.5, None, "s"], (1,), (x[0, 0], "t"), [x[1]])
print(torch.tensor(5), torch.tensor([True, False]), torch.tensor(2.5).item(), len("text"))
print("%", "\\", 'a"b', "a'b")
["a'b", 'a"b', "\\n", "line\n", "ä"]

for epoch in range(3):
    loss = loss / 3
    print(f"{epoch}: {loss.item():.4f}")

history = []
for step in range(4):
    history.append(1 / (step + 1))
print(f"{history}")
print(f"mean {sum(history) / len(history):.4f}, best {min(history):.3f}, worst {max(history):.3f}")
print(f"{history[-1]:.2f} {history[0]}")
