# Clusters by hand: distances by broadcasting, means by masks, no gradient anywhere.
import torch

torch.manual_seed(6)
points = torch.cat([torch.randn(6, 2) * 0.3, torch.randn(6, 2) * 0.3 + torch.tensor([3.0, 1.0])])
centres = points[[0, 1]].clone()
centres

for step in range(10):
    distances = ((points[:, None, :] - centres[None]) ** 2).sum(-1)
    nearest = distances.argmin(dim=1)
    old = centres.clone()
    for c in range(2):
        members = points[nearest == c]
        if len(members) > 0:
            centres[c] = members.mean(dim=0)
    moved = (centres - old).norm()
    print(f"step {step}: moved {moved.item():.4f}")
    if moved == 0:
        break

nearest
centres
points.requires_grad, centres.requires_grad

# The same loss as a function of the centres has a gradient, and at the means it vanishes.
centres.requires_grad_()
spread = ((points - centres[nearest]) ** 2).sum()
spread.backward()
print(f"{spread.item():.4f}", centres.grad.abs().max().item() < 1e-5)
