"""Descent: step sizes and optimizers, seen and felt."""

from descent.animation import add_animation
from descent.blobs import blobs
from descent.check import check_close
from descent.contours import plot_contours, plot_panels
from descent.curves import animate_descent, plot_descents, plot_gradients
from descent.devices import device
from descent.digits import OnesAndSevens, ones_and_sevens
from descent.functions import fancy, hilly, peaks, rastrigin, rosenbrock, valley
from descent.gradient import numeric_gradient
from descent.minimise import Path, minimise
from descent.plot import plot_images, plot_losses, plot_weights
from descent.regression import linear_data, proportional_data
from descent.scatter import plot_fit, plot_points
from descent.surface import animate_path, plot_surface
from descent.sweeps import plot_accuracies, plot_sweep_losses
from descent.table import plot_table

__all__ = [
    "OnesAndSevens",
    "Path",
    "add_animation",
    "animate_descent",
    "animate_path",
    "blobs",
    "check_close",
    "device",
    "fancy",
    "hilly",
    "linear_data",
    "minimise",
    "numeric_gradient",
    "ones_and_sevens",
    "peaks",
    "plot_accuracies",
    "plot_contours",
    "plot_descents",
    "plot_fit",
    "plot_gradients",
    "plot_images",
    "plot_losses",
    "plot_panels",
    "plot_points",
    "plot_surface",
    "plot_sweep_losses",
    "plot_table",
    "plot_weights",
    "proportional_data",
    "rastrigin",
    "rosenbrock",
    "valley",
]
