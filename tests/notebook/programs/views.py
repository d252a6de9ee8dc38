"""Views: tensors that share memory, changed again and again from either side."""

import torch

# One after another, through the view and through the base.
x = torch.tensor([1.0, 2.0, 3.0])
v = x.view(3, 1)
v *= 2
v += 1
v[0] = -1
x
x[2] = 10
x /= 2
v

# A view of a view.
x = torch.arange(6.0)
tail = x[2:]
last = tail[2:]
last += 100
tail *= 2
x[5] = -1
last[0] = 0
x
tail, last

# Rows, columns, the transposed matrix.
m = torch.zeros(2, 3)
row, column, turned = m[0], m[:, 1], m.T
row[1] = 1
row += 1
column *= 10
turned[2, 1] = 4
turned += 1
m
row, column

# Rows of rows in loops.
cube = torch.zeros(2, 2, 2)
for face in cube:
    for line in face:
        line += 1
        line[0] *= 3
    face[1, 1] = 7
cube

# What is detached is the same memory, too.
d = x.detach()
d.zero_()
d += 1
d[0] = 5
x
e = x.data
e *= 2
e -= 1
x

# reshape copies where it must, flatten and contiguous where there is something to copy.
m = torch.arange(4.0).view(2, 2)
copy = m.T.reshape(4)
copy += 100
shared = m.flatten()
shared += 10
same = m.contiguous()
same *= 2
m
copy
other = m[[0, 1]]
other.zero_()
m
m[m > 22] = 0
m

# In lists and under other names.
y = torch.ones(2)
kept = [y, y[1:]]
kept[1] += 1
kept[0][0] = 9
y, kept
history = []
state = torch.zeros(2)
for i in range(3):
    state[0] += 1
    history.append(state)
history
history = []
for i in range(3):
    state[0] += 1
    history.append(state.clone())
history

# With a history: the gradient goes through every change.
w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
a = w * 1
part = a[1:]
part *= 2
part += w[:2]
a[0] = 7
part[1] *= w[0]
print(a)
print(part.detach())
a.sum().backward()
w.grad

# Parts of a tensor show its memory; copies and turned tensors have their own.
base = torch.arange(6.0).view(2, 3)
first, second = base.unbind()
left, right = base.split([1, 2], dim=1)
windows = base.unfold(1, 2, 1)
flipped, turned, copied = base.flip(0), base.rot90(), torch.narrow_copy(base, 0, 0, 1)
base[0, 1] = 10
first, right, windows[0, 0], flipped, turned, copied
