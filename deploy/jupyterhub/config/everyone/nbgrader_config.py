"""nbgrader for everybody on this hub; the course's own nbgrader_config.py adds to it."""

import os

from jupyter_client.kernelspec import find_kernel_specs
from nbgrader.auth import JupyterHubAuthPlugin

c = get_config()  # noqa: F821  (nbgrader defines it)

c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", "/srv/nbgrader/exchange")
c.Exchange.path_includes_course = True  # ~/descent/ps1 for students, so that two courses can live side by side
c.Authenticator.plugin_class = JupyterHubAuthPlugin  # who takes which course: the hub's groups nbgrader-<course>
c.Execute.timeout = 300  # seconds for a cell when Validate is pressed, maybe by the whole class at once

if "nbjudge" in find_kernel_specs():  # after `nbjudge kernel install`: Validate runs in the sandbox, as grading does
    c.Validator.Execute.kernel_name = "nbjudge"
