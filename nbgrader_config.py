"""Configuration for nbgrader itself; its commands work in this folder with nothing else installed."""

import os

c = get_config()  # noqa: F821  (nbgrader defines it)

root = os.path.dirname(os.path.abspath(__file__))

c.CourseDirectory.course_id = "descent"
c.CourseDirectory.root = root

# Hidden tests import the references in autograder/; kernels find them by this path.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))

c.Execute.timeout = 120  # seconds for each cell
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
