"""Scaled dot-product attention, forward and backward, with a causal mask."""

import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(4)

length, size = 4, 6
Q = torch.randn(length, size, requires_grad=True)
K = torch.randn(length, size, requires_grad=True)
V = torch.randn(length, size, requires_grad=True)

scores = Q @ K.T / math.sqrt(size)
scores.shape, scores.grad_fn

mask = torch.ones(length, length).tril()
mask
scores = scores.masked_fill(mask == 0, float("-inf"))
scores

weights = F.softmax(scores, dim=-1)
weights
torch.allclose(weights.sum(-1), torch.ones(length))

out = weights @ V
out.grad_fn
out.pow(2).mean().backward()

# The first query sees one key only, so nothing depends on it.
print(Q.grad[0])
print(f"{Q.grad.norm().item():.4f} {K.grad.norm().item():.4f} {V.grad.norm().item():.4f}")
V.grad

# The same in heads: views, transposed and put together again.
heads, each = 2, 3
q = Q.detach().view(length, heads, each).transpose(0, 1)
k = K.detach().view(length, heads, each).transpose(0, 1)
v = V.detach().view(length, heads, each).transpose(0, 1)
q.shape
inner = torch.matmul(q, k.transpose(-2, -1)) / each**0.5
inner = torch.where(mask.bool(), inner, torch.tensor(-math.inf))
together = (inner.softmax(-1) @ v).transpose(0, 1).reshape(length, size)
together

# Layer normalisation by hand.
mean = together.mean(dim=-1, keepdim=True)
deviation = ((together - mean) ** 2).mean(dim=-1, keepdim=True)
normal = (together - mean) / torch.sqrt(deviation + 1e-5)
print(f"{normal.mean(-1).abs().max().item() < 1e-5} {normal[0]}")
