"""Python's statements, as far as tensors need them."""
import math; import torch
from torch import no_grad
import torch.nn.functional as F, numpy as np

# Assignment: to several names, exchanged, nested, from a tensor.
a, b = 1, 2.5
a, b = b, a
a, b
(p, q), r = torch.tensor([1.0, 2.0]), 3
p, q, r
[s, t] = [torch.zeros(1), "text"]
s, t
rows, columns = torch.ones(2, 3).shape
rows * columns

# Augmented assignment, of every kind.
k = 7
k += 3; k -= 1; k *= 2; k /= 3; k **= 2; k //= 5; k %= 4
k

# Loops over ranges of every form, and over rows.
for i in range(3): print(i, end=" ")
print()
for i in range(2, 5): print(i, end=" ")
print()
for i in range(10, 0, -3): print(i, end=" ")
print()
for i in range(0): print("never")
for i in range(2):
    for j in range(i, 2): print((i, j), end="; " if j == 0 else "\n")
for row in torch.tensor([[1, 2], [3, 4]]): print(row.sum())

# break, continue, pass; a loop's variable stays.
found = None
for i in range(100):
    if i % 2 == 0: continue
    if i * i > 50:
        found = i
        break
    else:
        pass
print(found, i)

n = 0
while True:
    n += 1
    if n >= 5 and not n % 5: break
n

while n > 0: n -= 2
n

# if, elif, else.
for sign in [-1.5, 0.0, 2.5]:
    if sign < 0:
        word = "negative"
    elif sign == 0:
        word = "zero"
    else:
        word = "positive"
    print(f"{sign:+.1f} is {word}")

x = torch.tensor(3.0)
if x > 2: print("a tensor decides")
if x > 5: print("no")
elif x > 4: print("no")
else: print("neither")
y = x if x < 2 else -x
y
1 < x <= 3

# Lines that go on: in brackets, and after a backslash.
total = (
    1  # one
    + 2
    # nothing on this line
    + 3
)
matrix = torch.tensor([
    [1.0, 2.0],

    [3.0, 4.0],
])
longer = total + \
    10
total, longer
matrix.sum(
    dim=0,
    keepdim=True,
)

# Lists: append, items, slices, items that change.
history = []
for i in range(4):
    history.append(i * 0.5)
history
history[0], history[-1], history[1:3]
history[0] = "first"
history
len(history), len([]), len(torch.zeros(5, 2))
tensors = [torch.ones(2), torch.zeros(2)]
tensors.append(torch.full((2,), 7.0))
torch.stack(tensors)
torch.cat(tensors).sum().item()

# del takes a name away; it can be assigned again.
temporary = torch.ones(2)
del temporary
temporary = 3; temporary
del temporary, a, b

# with, assert, and texts of every kind.
with torch.no_grad(): z = torch.ones(2, requires_grad=True) * 2
z.requires_grad
with no_grad():
    with torch.enable_grad():
        z = torch.ones(2, requires_grad=True) * 2
z.requires_grad
assert True
assert z.sum() == 4, "never shown"
assert len(z) == 2 and z.numel() == 2 and z.size(0) == z.shape[0] == z.size()[0]
'single', "double", 'it\'s', "tab\tend"
"""A text in three quotes
over two lines is not shown."""
print("but this is:", """one
two""")

# math and numbers.
math.pi, math.sqrt(2), math.exp(1.0), math.log(10), math.cos(0.5)
7 // 2, -7 // 2, 7 % 3, -7 % 3, 2**10, 2**-1, 7 / 2, 1e3, 1_000
True, None, not True, 3 > 2 > 1, 0 or "or", 1 and "and"
np.pi, F.relu(torch.tensor([-1.0, 1.0]))
