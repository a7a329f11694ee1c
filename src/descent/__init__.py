"""Descent: step sizes and optimizers, seen and felt."""
