"""What PyTorch refuses of elementwise arithmetic, activations and special functions."""

from __future__ import annotations

from tests.oracle.cases import Case, each, group

CASES: list[Case] = [
    # Elementwise arithmetic and activations.
    *group(
        """
        addcmul(x, x, 2)
        addcmul(b, b, b)
        addcdiv(x, i, i)
        lerp(x, 2, 0.5)
        lerp(x, f, 0.5)
        lerp(i, i, 1)
        hypot(x, 2)
        hypot(i, i)
        logaddexp(i, i)
        logaddexp2(x, 2)
        ldexp(x, 2)
        ldexp(x, b)
        fmax(x, 2)
        fmin(2, x)
        clamp_max(u, 300)
        nextafter(i, i)
        copysign(2, x)
        heaviside(x, 0.5)
        heaviside(i, x)
        frexp(i)
        gcd(i, 2)
        gcd(x, x)
        lcm(b, b)
        bitwise_left_shift(x, i)
        bitwise_right_shift(b, b)
        fill(x, x)
        fill(i, x.sum())
        special.round(i)
        imag(x)
        F.relu6(b)
        F.hardtanh(b)
        F.hardtanh(x, 1, -1)
        F.hardtanh(u)
        F.hardswish(i)
        F.hardsigmoid(i)
        F.hardshrink(i)
        F.softshrink(i)
        F.softshrink(x, -1)
        F.threshold(b, 0, 0)
        F.celu(i)
        F.celu(x, 0)
        F.selu(i)
        F.mish(i)
        F.logsigmoid(i)
        F.rrelu(i)
        F.rrelu(x, 0.3, 0.1)
        F.prelu(x, f)
        F.prelu(x, x)
        F.prelu(x, x[:, 0])
        F.prelu(x[0], x[0])
        F.glu(x)
        F.glu(x.sum())
        F.glu(i)
        F.softmin(i, 0)
        torch.softmax(x)
        F.normalize(i)
        F.cosine_similarity(i, i)
        F.one_hot(i, 2)
        F.one_hot(-i)
        F.one_hot(i[:0])
        F.one_hot(i, 0)
        F.one_hot(x)
        F.one_hot(u)
        F.dropout(x, 1.5, False)
        F.dropout1d(x[0], 0.5, False)
        F.alpha_dropout(x, -0.1)
        torch.dropout(x, 0.5)
        torch.feature_dropout(x, 2.0, False)
        """,
        x="normal(2, 3)",
        f="normal(3) float32",
        i="ints(3; 1..5)",
        u="ints(3; 1..5) uint8",
        b="bools(3)",
    ),
    # Special functions.
    *each(
        "{f}(h)",
        "special.erfcx special.ndtri special.log_ndtr special.bessel_j0 special.airy_ai"
        " special.scaled_modified_bessel_k1",
        h="unit(3) float16",
    ),
    *group(
        """
        polygamma(-1, x)
        polygamma(1.5, x)
        polygamma(x, 1.5)
        x.polygamma(x)
        mvlgamma(x, 0)
        mvlgamma(m, 2)
        x.mvlgamma()
        special.round(i)
        special.round(x, 1)
        special.zeta(h, 2)
        special.hermite_polynomial_h(h, 2)
        special.legendre_polynomial_p(x)
        igamma(i, i)
        igammac(i, i)
        igamma(x)
        xlogy(x)
        xlogy(x, v)
        special.zeta(x, v)
        logit(x, x)
        erfinv(x, 1)
        """,
        x="positive(3)",
        v="positive(2)",
        i="ints(3; 1..3)",
        m="bools(3)",
        h="positive(3) float16",
    ),
]
