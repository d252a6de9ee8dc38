"""Layers of networks as functions: convolution, pooling, normalisation, attention."""
