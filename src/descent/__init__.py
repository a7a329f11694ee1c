"""Descent: step sizes and optimizers, seen and felt."""

from descent.check import check_close
from descent.devices import device
from descent.digits import OnesAndSevens, ones_and_sevens
from descent.gradient import numeric_gradient
from descent.plot import plot_images, plot_losses, plot_weights

__all__ = [
    "OnesAndSevens",
    "check_close",
    "device",
    "numeric_gradient",
    "ones_and_sevens",
    "plot_images",
    "plot_losses",
    "plot_weights",
]
