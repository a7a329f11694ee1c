"""Many notebooks at once: what judging needs, and the worker processes that do it."""
