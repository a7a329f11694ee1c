"""Configuration for nbgrader itself; its commands, and formgrader's buttons, work in this folder."""

import os

c = get_config()  # noqa: F821  (nbgrader defines it)

root = os.path.dirname(os.path.abspath(__file__))

c.CourseDirectory.course_id = "descent"
c.CourseDirectory.root = root

# Hidden tests import the references in autograder/; kernels find them by this path.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))

# nbjudge autogrades, in its sandbox; feedback shows no hidden test. docs/formgrader.md says more.
c.Autograde.exporter_class = "nbjudge.plugin.autograde.JudgedNotebook"
c.GenerateFeedback.exporter_class = "nbjudge.plugin.feedback.FeedbackPage"

c.Execute.timeout = 120  # seconds for each cell
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
