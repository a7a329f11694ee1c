"""The next number of each random generator."""

import random

import numpy as np
import torch


def here():
    """From this process's random, numpy and torch."""
    return [random.random(), np.random.rand(), torch.rand(1).item()]
