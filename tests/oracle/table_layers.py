"""Linear and bilinear layers, embeddings and their bags, attention."""

from __future__ import annotations

from tests.oracle.cases import Case, group

_TIES = [[1.0, 2.0, 3.0], [1.0, 5.0, 2.0], [1.0, 5.0, 2.0], [0.0, 0.0, 0.0], [-1.0, 0.0, 9.0]]

CASES: list[Case] = [
    *group(
        """
        F.linear(x, W)
        F.linear(x, W, B)
        F.linear(v, W)
        F.linear(v, W, B)
        F.linear(X, W)
        F.linear(X, W, B)
        F.linear(x, v)
        F.linear(v, v)
        F.linear(v, v, s)
        F.linear(X, v, s)
        F.linear(X[None], W, B)
        F.linear(X.transpose(0, 1), W, B)
        F.linear(X.transpose(0, 1), W)
        F.linear(X[:, ::2], W, B)
        F.linear(X[:, :, :2], W[:, :2], B)
        F.linear(x.T.T, W, B)
        F.linear(x, W, s)
        F.linear(x, W, B[:1])
        F.linear(X, W, s)
        F.linear(X, W, B[None])
        F.linear(X, W, B.expand(4, 5))
        F.linear(x[:0], W, B)
        F.linear(X[:, :0], W, B)
        F.linear(input=x, weight=W, bias=B)
        F.linear(x, W, bias=None)
        F.linear(v.expand(2, 2, 3), W, B)
        F.linear(X.detach(), W, B)
        F.linear(f, f, f[:, 0])
        F.linear(i, i)
        torch.nn.functional.linear(x, W, B).relu().sum()
        """,
        x="normal(2, 3)",
        v="normal(3)",
        X="normal(2, 4, 3)",
        W="normal(5, 3)",
        B="normal(5)",
        s="normal()",
        f="normal(2, 3) float32",
        i="ints(2, 3; -4..4)",
    ),
    *group(
        """
        F.bilinear(x, y, W)
        F.bilinear(x, y, W, B)
        torch.bilinear(x, y, W, bias=B)
        F.bilinear(X, Y, W, B)
        F.bilinear(X.transpose(0, 1), Y, W)
        F.bilinear(x[0], y[0], W, B)
        F.bilinear(input1=x, input2=y, weight=W).sum()
        """,
        x="normal(2, 3)",
        y="normal(2, 2)",
        X="normal(2, 2, 3)",
        Y="normal(2, 2, 2)",
        W="normal(4, 3, 2)",
        B="normal(4)",
    ),
    *group(
        """
        F.embedding(a, E)
        F.embedding(i, E)
        F.embedding(i, E, padding_idx=2)
        F.embedding(i, E, -3)
        F.embedding(i, E, scale_grad_by_freq=True)
        F.embedding(a, E, 1, None, 2.0, True)
        F.embedding(i, E, max_norm=1.0)
        F.embedding(i, E, max_norm=0.5, norm_type=1.0)
        F.embedding(input=i[0], weight=E)
        F.embedding(i[:0], E)
        F.embedding(i.int(), E).sum()
        torch.embedding(E, a)
        torch.embedding(E, i, 2)
        torch.embedding(weight=E, indices=i, scale_grad_by_freq=True)
        F.embedding(i, f)
        F.embedding_bag(a, E)
        F.embedding_bag(i, E, o)
        F.embedding_bag(i, E, o, mode='sum')
        F.embedding_bag(i, E, o, mode='max')
        F.embedding_bag(i, E, p, mode='mean')
        F.embedding_bag(i, E, o, mode='sum', per_sample_weights=w)
        F.embedding_bag(a, E, mode='sum', per_sample_weights=w.reshape(2, 2))
        F.embedding_bag(i, E, p, include_last_offset=True)
        F.embedding_bag(i, E, p, None, 2, False, 'sum', False, None, True)
        F.embedding_bag(i, E, o, padding_idx=2)
        F.embedding_bag(i, E, o, padding_idx=2, mode='max')
        F.embedding_bag(i, E, o, padding_idx=-3, mode='sum', per_sample_weights=w)
        F.embedding_bag(i, E, o, scale_grad_by_freq=True)
        F.embedding_bag(i, E, o, scale_grad_by_freq=True, mode='sum')
        F.embedding_bag(i, E, o, max_norm=1.0)
        F.embedding_bag(i, E, o, max_norm=1.0, mode='max')
        F.embedding_bag(i, E, o, max_norm=0.7, norm_type=1, mode='sum', per_sample_weights=w)
        F.embedding_bag(i, f, o)
        F.embedding_bag(E, i, o)
        """,
        a=[[0, 2], [1, 4]],
        i=[0, 2, 1, 2],
        o=[0, 2],
        p=[0, 2, 4],
        E="normal(5, 3)",
        f="normal(5, 3) float32",
        w="normal(4)",
    ),
    *group(
        """
        F.embedding_bag(i, E, o, mode='max')
        F.embedding_bag(i, E, o[:1], mode='max')
        """,
        i=[0, 2, 1, 2, 3],
        o=[0, 4, 5],
        E=_TIES,
    ),
    *group(
        """
        F.scaled_dot_product_attention(q, k, v)
        F.scaled_dot_product_attention(q, k, v, attn_mask=m)
        F.scaled_dot_product_attention(q, k, v, attn_mask=n)
        F.scaled_dot_product_attention(q, k, v, attn_mask=n & False)
        F.scaled_dot_product_attention(q, k, v, is_causal=True)
        F.scaled_dot_product_attention(q, k, v, scale=0.3)
        F.scaled_dot_product_attention(q, k, v, scale=-0.3)
        F.scaled_dot_product_attention(q[0], k[0], v[0], is_causal=True)
        F.scaled_dot_product_attention(q[0], k[0], v[0], m, 0.0, False)
        F.scaled_dot_product_attention(query=q, key=k[:1], value=v[:1])
        F.scaled_dot_product_attention(q.detach(), k, v)
        F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
        """,
        q="normal(2, 2, 3)",
        k="normal(2, 4, 3)",
        v="normal(2, 4, 3)",
        m="normal(2, 4)",
        n="bools(2, 4)",
    ),
    *group(
        """
        F.scaled_dot_product_attention(q, k, v)
        F.scaled_dot_product_attention(q, k, k).sum()
        F.scaled_dot_product_attention(q, k, v, is_causal=True)
        F.scaled_dot_product_attention(q, k, v, attn_mask=n)
        F.scaled_dot_product_attention(q, k, v, attn_mask=n & False)
        F.scaled_dot_product_attention(q, k, v, attn_mask=m)
        F.scaled_dot_product_attention(q, k, v, attn_mask=m.detach())
        F.scaled_dot_product_attention(q, k, v, attn_mask=m.detach()[None, None], scale=0.3)
        F.scaled_dot_product_attention(q, k, v, attn_mask=m.detach()[None])
        F.scaled_dot_product_attention(q, k, v, attn_mask=m.detach().float())
        F.scaled_dot_product_attention(q, k, v[..., :1])
        F.scaled_dot_product_attention(q, k[:, :1], v[:, :1], enable_gqa=True)
        F.scaled_dot_product_attention(q, k[:, :1], v[:, :1, :, :1], enable_gqa=True)
        F.scaled_dot_product_attention(q[0], k[0, :1], v[0, :1], enable_gqa=True)
        F.scaled_dot_product_attention(q, k[:, :1], v[:, :1])
        F.scaled_dot_product_attention(q.mT, q.mT, q.mT)
        F.scaled_dot_product_attention(q.transpose(1, 2), k.mT.mT[:, :, :2].transpose(1, 2), q)
        F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(2, 6)
        F.scaled_dot_product_attention(q.mT.mT[:, :1], k[:, :1], v[:, :1]).reshape(2, 3)
        y = k.transpose(1, 2); F.scaled_dot_product_attention(y, y, v.transpose(1, 2)).flatten(2)
        F.scaled_dot_product_attention(f, f, f)
        F.scaled_dot_product_attention(f, f, f, is_causal=True)
        """,
        q="normal(1, 2, 2, 3)",
        k="normal(1, 2, 4, 3)",
        v="normal(1, 2, 4, 3)",
        f="normal(1, 2, 2, 3) float32",
        m="normal(2, 4)",
        n="bools(2, 4)",
    ),
]
