"""Descent: step sizes and optimizers, seen and felt."""

from descent.blobs import blobs
from descent.check import check_close
from descent.devices import device
from descent.digits import OnesAndSevens, ones_and_sevens
from descent.gradient import numeric_gradient
from descent.plot import plot_images, plot_losses, plot_weights
from descent.regression import linear_data, proportional_data

__all__ = [
    "OnesAndSevens",
    "blobs",
    "check_close",
    "device",
    "linear_data",
    "numeric_gradient",
    "ones_and_sevens",
    "plot_images",
    "plot_losses",
    "plot_weights",
    "proportional_data",
]
