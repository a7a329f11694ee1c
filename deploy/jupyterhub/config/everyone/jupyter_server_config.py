"""Jupyter's server, for everybody on this hub."""

c = get_config()  # noqa: F821  (Jupyter defines it)

# Not a login shell: that would reset PATH, and `nbgrader` would not be found in a terminal.
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash"]}
