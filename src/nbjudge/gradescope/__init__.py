"""Gradescope: our judge inside its container, and its scores back in the gradebook."""
