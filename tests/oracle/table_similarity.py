"""Unit vectors, cosines and distances of pairs, classes as unit vectors."""

from __future__ import annotations

from tests.oracle.cases import Case, group

_ROWS = [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [1.0, -1.0, 1e-9]]

CASES: list[Case] = [
    *group(
        """
        F.normalize(x)
        F.normalize(x, 1, 0)
        F.normalize(x, p=inf)
        F.normalize(x, p=0.5, dim=0)
        F.normalize(x, 3.0, -1)
        F.normalize(x, 0)
        F.normalize(x, dim=(0, 1))
        F.normalize(x, dim=None)
        F.normalize(x, 2, 1, 10.0)
        F.normalize(input=x, p=2.0, dim=1, eps=1e-12)
        F.normalize(x[0], dim=0)
        F.normalize(c, dim=2)
        F.normalize(c, dim=(1, 2)).sum()
        F.normalize(s, dim=0)
        F.normalize(f, dim=0)
        F.normalize(e)
        """,
        x="normal(2, 3)",
        c="normal(2, 3, 2)",
        s="normal()",
        f="normal(3) float32",
        e="normal(0, 3)",
    ),
    *group("F.normalize(x)\nF.normalize(x, eps=1e-3)\nF.normalize(x, 1, 0)", x=_ROWS),
    *group(
        """
        F.cosine_similarity(x, x + 1)
        F.cosine_similarity(x, y)
        F.cosine_similarity(x, y, 0)
        F.cosine_similarity(x, z, dim=-1)
        torch.cosine_similarity(x, y, dim=1, eps=10.0)
        torch.cosine_similarity(x1=x, x2=y)
        F.cosine_similarity(y, y, dim=0)
        F.cosine_similarity(s, s, dim=0)
        F.cosine_similarity(f, f, 0)
        F.cosine_similarity(f, y, 0)
        F.cosine_similarity(i, y, 0)
        F.cosine_similarity(c, c[:, :, :1], 2)
        F.cosine_similarity(x[:, :, None], c).sum()
        """,
        x="normal(2, 3)",
        y="normal(3)",
        z="normal(2, 1)",
        s="normal()",
        c="normal(2, 3, 2)",
        f="normal(3) float32",
        i="ints(3; 1..4)",
    ),
    *group("F.cosine_similarity(x, x + 1)\nF.cosine_similarity(x, x)", x=_ROWS),
    *group(
        """
        F.pairwise_distance(x, y)
        F.pairwise_distance(y, x)
        F.pairwise_distance(x, x.flip(0))
        F.pairwise_distance(x, z, keepdim=True)
        F.pairwise_distance(x, y, 1)
        F.pairwise_distance(x, y, p=3, eps=0.0)
        F.pairwise_distance(x, y, 0.5, 1e-3, True)
        F.pairwise_distance(x, y, p=inf)
        F.pairwise_distance(x, y, p=-inf)
        F.pairwise_distance(x, y, p=0)
        torch.pairwise_distance(x1=x, x2=y)
        F.pairwise_distance(s, s)
        F.pairwise_distance(c, x[:, :, None]).sum()
        F.pairwise_distance(f, f + 1)
        F.pairwise_distance(f, y)
        F.pairwise_distance(i, y)
        F.pairwise_distance(i, i)
        """,
        x="normal(2, 3)",
        y="normal(3)",
        z="normal(2, 1)",
        s="normal()",
        c="normal(2, 3, 2)",
        f="normal(3) float32",
        i="ints(3; 1..4)",
    ),
    *group("F.pairwise_distance(x, x)\nF.pairwise_distance(x, x, eps=0.0)", x=_ROWS),
    *group(
        """
        F.one_hot(i)
        F.one_hot(i, 7)
        F.one_hot(i, num_classes=6)
        F.one_hot(i, -1)
        F.one_hot(i[0])
        F.one_hot(i[:0], 3)
        F.one_hot(i[:, None])
        F.one_hot(i, 6) * y[:, None]
        torch.nn.functional.one_hot(i % 3, 3).sum(0)
        """,
        i="ints(3; 1..5)",
        y="normal(3)",
    ),
]
