"""Activation functions of networks, and the softmax family."""
