"""Grading a class from its folder to its gradebook, once or again."""
