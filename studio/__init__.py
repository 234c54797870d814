"""Sfumato: a desktop studio for painting with diffusion models on your own machine."""

__version__ = "0.1.0"
