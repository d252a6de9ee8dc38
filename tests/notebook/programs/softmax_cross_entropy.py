# Softmax and cross-entropy by hand, beside PyTorch's own.
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

logits = torch.tensor(
    [
        [2.0, 1.0, 0.1],
        [0.5, 2.5, -1.0],
        [1.0, 1.0, 1.0],
        [-2.0, 0.0, 3.0],
    ],
    requires_grad=True,
)
labels = torch.tensor([0, 1, 2, 2])
n = len(labels)

# Subtracting the largest logit of a row changes nothing but keeps exp from overflowing.
shifted = logits - logits.max(dim=1, keepdim=True).values
exponentials = shifted.exp()
probabilities = exponentials / exponentials.sum(dim=1, keepdim=True)
probabilities
torch.allclose(probabilities.sum(dim=1), torch.ones(n))

picked = probabilities[torch.arange(n), labels]
picked
loss = -picked.log().mean()
loss

loss.backward()
by_hand = logits.grad.clone()
by_hand

logits.grad = None
F.cross_entropy(logits, labels).backward()
logits.grad

# What the textbook says: (softmax - one-hot) / n.
one_hot = torch.zeros(n, 3)
one_hot[torch.arange(n), labels] = 1
formula = (probabilities.detach() - one_hot) / n
formula

assert torch.allclose(by_hand, formula)
assert torch.allclose(logits.grad, formula)
print(f"largest difference {(by_hand - logits.grad).abs().max().item():.1f}")

# The log-sum-exp form has the same value.
other = (logits.logsumexp(1) - logits[torch.arange(n), labels]).mean()
other
torch.isclose(other, loss)
F.log_softmax(logits, dim=1)
