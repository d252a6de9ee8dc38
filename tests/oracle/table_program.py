"""Whole computations: several operations and statements, shared nodes, small networks."""

from __future__ import annotations

from tests.oracle.cases import Case, case, group

CASES: list[Case] = [
    # The notebook's.
    *group(
        """
        mean(3*(x+2)^3)
        torch.mean(3*(x+2)**3)
        y = x + 2; z = y * y * 3; out = z.mean(); out
        y = x + 2; z = y*y*y*3; mean(z)
        (x + 2).pow(2).mean()
        z = 2*x; z.sum()
        y = x * 2; y = y * 2; y = y * 2; y
        y = x**2; z = x**3; out = y + z; out
        x.mean() * 2
        (x * x).sum() / 2
        """,
        x="positive(2, 2)",
    ),
    # Shared nodes.
    *group(
        """
        x + x
        x * x
        x * x * x
        y = x * x; y + y
        y = x + 1; y * y
        y = exp(x); y / y.sum()
        y = exp(x); y * log(y)
        y = x.sum(); y * x + y
        y = x * 2; (y + 1) * (y - 1)
        y = relu(x); z = y + x; z * y
        y = x @ x.T; y + y.T
        y = sin(x); z = cos(x); y * z + y / z
        y = x + 1; z = y * 2; y * z + z
        a = x * w; b = a + x; c = a * b; c + a + b
        a = x - x.mean(); (a * a).mean() / (a.norm() + 1)
        y = x; z = y; y * z
        x = x * 2; x = x + 1; x
        a = x[0]; b = x[1]; (a * b).sum() + (a + b).prod()
        m = x.max(1); m.values * m.values
        m = x.max(1); m[0].sum() * x
        y = x.T; y @ x + (x.T @ y.T)
        y = x * w; y.detach() * y
        y = x * w; z = y.detach(); z + x
        y = (x * 2).detach(); y * w
        y = x; y = y + w; y = y * x; y = y - w; y.sum()
        """,
        x="normal(2, 3)",
        w="normal(2, 3)",
    ),
    # Statistics by hand.
    *group(
        """
        ((x - x.mean())^2).mean()
        (x - x.mean(0)) / (x.std(0) + 1e-5)
        ((x - x.mean(0))^2).sum(0) / (x.shape[0] - 1)
        c = x - x.mean(0); c.T @ c / (x.shape[0] - 1)
        c = x - x.mean(1, keepdim=True); c / norm(c, dim=1, keepdim=True)
        x / x.norm(dim=1, keepdim=True)
        (x - x.amin()) / (x.amax() - x.amin())
        log(exp(x - x.amax(1, keepdim=True)).sum(1)) + x.amax(1)
        exp(x) / exp(x).sum(1, keepdim=True)
        e = exp(x - x.max()); e / e.sum()
        p = softmax(x, 1); -(p * log(p)).sum(1)
        p = softmax(x, 1); q = softmax(-x, 1); (p * (log(p) - log(q))).sum()
        d = x[:, None] - x[None]; (d^2).sum(-1)
        d = x[:, None, :] - x[None, :, :]; exp(-(d * d).sum(2) / 2)
        sqrt(((x[0] - x[1])^2).sum())
        (x[0] @ x[1]) / (norm(x[0]) * norm(x[1]))
        x.cumsum(1)[:, -1] - x.sum(1)
        mean = x.mean(0); var = ((x - mean)^2).mean(0); (x - mean) / sqrt(var + 1e-5)
        u = x.mean(-1, keepdim=True); s = (x - u).pow(2).mean(-1, keepdim=True); \
            (x - u) / (s + 1e-5)^0.5
        where(abs(x) < 1, 0.5 * x^2, abs(x) - 0.5).mean()
        log1p(exp(-abs(x))) + relu(x)
        """,
        x="normal(3, 4)",
    ),
    # Regression, classification, small networks.
    *group(
        """
        mean((X @ w + b - y)^2)
        mse_loss(X @ w + b, y)
        ((X @ w - y)^2).mean() + 0.1 * (w^2).sum()
        ((X @ w - y)^2).mean() + 0.1 * w.norm(1)
        r = X @ w + b - y; r @ r / (2 * X.shape[0])
        linalg.solve(X.T @ X + 0.1 * eye(3), X.T @ y)
        p = sigmoid(X @ w + b); -(k * log(p) + (1 - k) * log(1 - p)).mean()
        mean(softplus(X @ w) - k * (X @ w))
        cross_entropy(X @ W, k)
        cross_entropy(X @ W + c, k)
        z = X @ W + c; (logsumexp(z, 1) - z[arange(4), k]).mean()
        z = X @ W; -(log_softmax(z, 1)[[0, 1, 2, 3], [0, 1, 1, 0]]).mean()
        p = softmax(X @ W + c, dim=1); -log(p[arange(4), k]).mean()
        mse_loss(softmax(X @ W, 1), eye(2)[k])
        h = relu(X @ V + d); cross_entropy(h @ U + c, k)
        h = tanh(X @ V + d); o = h @ U + c; mse_loss(o, eye(2)[k])
        h = gelu(X @ V); o = sigmoid(h @ U); o.mean()
        h = silu(X @ V + d); (h @ U).logsumexp(1).sum()
        h = leaky_relu(X @ V, 0.1); g = h * sigmoid(h); g.sum(0)
        h = X @ V; v = h.var(1, unbiased=False, keepdim=True); \
            n = (h - h.mean(1, keepdim=True)) / (v + 1e-5)^0.5; n * d + d
        h = X @ V; m = h.mean(0); s = h.var(0, correction=0); relu((h - m) / sqrt(s + 1e-5)).sum()
        h = X; h = relu(h @ V + d); h = h @ V.T; h = X + h; h.mean()
        h = elu(X @ V + d); y2 = h @ U; (y2 - y2.amax(1, keepdim=True)).exp().sum(1).log().mean()
        loss = mse_loss(tanh(X @ V + d) @ U, X @ W); loss
        """,
        X="normal(4, 3)",
        w="normal(3)",
        b="normal()",
        y="normal(4)",
        k=[0, 1, 1, 0],
        W="normal(3, 2)",
        c="normal(2)",
        V="normal(3, 4)",
        d="normal(4)",
        U="normal(4, 2)",
    ),
    # Attention, recurrences, convolution by hand.
    *group(
        """
        softmax(Q @ K.T / 2, dim=-1) @ V
        s = Q @ K.mT / K.shape[-1]^0.5; a = softmax(s, -1); a @ V
        s = Q @ K.T; m = tril(ones(3, 3)); a = softmax(where(m > 0, s, -inf), 1); a @ V
        s = Q @ K.T; a = exp(s - s.amax(1, keepdim=True)); (a / a.sum(1, keepdim=True)) @ V
        s = einsum('qd,kd->qk', Q, K); einsum('qk,kd->qd', softmax(s, 1), V)
        q = Q.reshape(3, 2, 2).transpose(0, 1); \
            k = K.reshape(3, 2, 2).transpose(0, 1); softmax(q @ k.mT, -1)
        q = Q.view(3, 2, 2).transpose(0, 1); \
            v = V.view(3, 2, 2).transpose(0, 1); \
            (softmax(q @ q.mT, -1) @ v).transpose(0, 1).reshape(3, 4)
        h = tanh(Q[0]); h = tanh(Q[1] + h @ W); h = tanh(Q[2] + h @ W); h.sum()
        c = V[0]; f = sigmoid(Q[0]); i = sigmoid(K[0]); \
            c = f * c + i * tanh(Q[1]); tanh(c) * sigmoid(K[1])
        stack([Q[:, 0:2].sum(1), Q[:, 1:3].sum(1), Q[:, 2:4].sum(1)], 1)
        cat([Q[:, :2], Q[:, 2:]])
        Q[:, 1:] - Q[:, :-1]
        cat([Q, K], 1) @ cat([W, W])
        y = Q @ W; y = y / (1 + y.abs()); y = y @ W; y.mean()
        """,
        Q="normal(3, 4)",
        K="normal(3, 4)",
        V="normal(3, 4)",
        W="normal(4, 4)",
    ),
    # Matrices and quadratic forms.
    *group(
        """
        x @ S @ x
        0.5 * x @ S @ x - v @ x
        log(det(S))
        logdet(S) + trace(inv(S) @ (A @ A.T))
        x @ linalg.solve(S, x) + logdet(S)
        L = linalg.cholesky(S); z = linalg.solve(L, x); z @ z + 2 * log(diag(L)).sum()
        -0.5 * (x @ linalg.solve(S, x) + logdet(S) + 3 * log(tensor(2 * pi)))
        det(A) * inv(A)
        trace(A @ A) - trace(A)^2
        norm(A @ inv(A) - eye(3))
        (x @ S @ x) / (x @ x)
        exp(-0.5 * x @ S @ x)
        A @ A @ A @ x
        inv(eye(3) + 0.1 * A) @ x
        outer(x, v) @ A
        y = A @ x; y / norm(y)
        det(A + outer(x, v)) - det(A) * (1 + v @ inv(A) @ x)
        """,
        x="normal(3)",
        v="normal(3)",
        S="posdef(3)",
        A="matrix(3)",
    ),
    # Scalars, conditions, several lines.
    *group(
        """
        sin(x) * exp(-x^2 / 2)
        x^3 - 2*x + 1
        1 / (1 + exp(-x))
        (x^2 + y^2)^0.5
        x / (x^2 + y^2)
        100 * (y - x^2)^2 + (1 - x)^2
        log(x * y) + x / y
        x ^ y + y ^ x
        y = x * 2; x * y
        exp(x * y) * sin(x + y)
        sqrt(x) * log(y) / (x + y)
        x if x > y else y
        x * y if x > 0 and y > 0 else x + y
        (x * 2 if x < 1 else x / 2) * y
        z = x * y; z * z if z > 1 else -z
        t = tanh(x); (1 - t^2) * y
        atan2(y, x)^2
        x.exp().log().exp().log()
        -x * -y
        abs(x - y) + abs(x + y)
        """,
        x="positive()",
        y="above()",
    ),
    case(
        """
        a = x * 2
        b = a + y

        c = a * b
        c.sum()
        """,
        x="normal(2, 3)",
        y="normal(2, 3)",
    ),
    case("h = relu(x @ w)\nh = h / h.sum()\nh * h", x="normal(2, 3)", w="normal(3, 2)"),
    case(
        "y = (x\n     + 2)\nz = y * y; out = z.mean()\nout",
        x="normal(2, 2)",
    ),
    # An input that the output does not depend on, or only through a constant.
    *group(
        """
        x.sum() + 0 * y.sum()
        z = y * 2; x.sum()
        x * y.detach()
        (x > y) * x
        where(x > y, x, 0.0)
        x.sum() * y.shape[0]
        ones_like(y) * x
        x[argmax(y)]
        x * (y > 0)
        """,
        x="normal(3)",
        y="normal(3)",
    ),
    # Longer chains.
    case("y = x\n" + "y = y * x + 1\n" * 12 + "y", x="unit(2)"),
    case("y = x\n" + "y = sin(y) + y\n" * 10 + "y.sum()", x="unit(2)"),
    case(" + ".join(["x"] * 40), x="normal(2)"),
    case(" * ".join(["x"] * 12), x="unit(2)"),
    case("(" * 30 + "x" + " + 1)" * 30, x="normal(2)"),
    case("-" * 15 + "x", x="normal(2)"),
]
