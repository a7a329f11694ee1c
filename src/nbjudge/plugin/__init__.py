"""What nbgrader and Jupyter call: autograding, feedback, and kernels from the sandbox."""
