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
from descent.names import SYMBOLS, given_names, next_letters
from descent.playground import playground
from descent.plot import plot_images, plot_losses, plot_weights
from descent.progress_bar import progress
from descent.rates import plot_loss_by_rate, plot_smoothed_losses
from descent.regression import linear_data, proportional_data
from descent.scatter import plot_fit, plot_points
from descent.smoothing import moving_average
from descent.surface import animate_path, plot_surface
from descent.sweeps import plot_accuracies, plot_accuracy_map, plot_sweep_losses
from descent.table import plot_table

__all__ = [
    "SYMBOLS",
    "OnesAndSevens",
    "Path",
    "add_animation",
    "animate_descent",
    "animate_path",
    "blobs",
    "check_close",
    "device",
    "fancy",
    "given_names",
    "hilly",
    "linear_data",
    "minimise",
    "moving_average",
    "next_letters",
    "numeric_gradient",
    "ones_and_sevens",
    "peaks",
    "playground",
    "plot_accuracies",
    "plot_accuracy_map",
    "plot_contours",
    "plot_descents",
    "plot_fit",
    "plot_gradients",
    "plot_images",
    "plot_loss_by_rate",
    "plot_losses",
    "plot_panels",
    "plot_points",
    "plot_smoothed_losses",
    "plot_surface",
    "plot_sweep_losses",
    "plot_table",
    "plot_weights",
    "progress",
    "proportional_data",
    "rastrigin",
    "rosenbrock",
    "valley",
]
