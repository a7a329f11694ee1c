"""JupyterHub for one course on one server; class.toml, beside it, says who and where."""

import os
import secrets
import shutil
import sys
from pathlib import Path

from jupyterhub.utils import url_path_join
from tornado.web import RequestHandler

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from classroom import read_classroom  # noqa: E402
from port import own_port  # noqa: E402

c = get_config()  # noqa: F821  (JupyterHub defines it)
room = read_classroom()
service = room.course

# --- Addresses. Only the first is for people; all listen on this machine alone until you change class.toml.
c.JupyterHub.bind_url = room.address
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{room.hub_port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{room.proxy_port}"
c.ConfigurableHTTPProxy.command = [
    os.environ.get("HUB_PROXY") or shutil.which("configurable-http-proxy") or "configurable-http-proxy"
]

# --- The hub's own files.
c.JupyterHub.db_url = f"sqlite:///{room.state}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(room.state / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(room.state / "proxy.pid")

# --- Who may log in: those whom class.toml names. Naming somebody in a group would otherwise be enough.
c.JupyterHub.authenticator_class = room.authenticator
c.Authenticator.allowed_users = set(room.people)
c.Authenticator.allow_existing_users = False
if room.authenticator == "shared-password":  # for a class on your own machine, never for a real one
    c.SharedPasswordAuthenticator.user_password = os.environ["HUB_PASSWORD"]

# --- A server for each person, run as that system account with this very Python.
# JUPYTER_CONFIG_PATH comes before all other configuration; config/people switches formgrader off.
PATH = os.pathsep.join([str(Path(sys.prefix) / "bin"), "/usr/local/bin", "/usr/bin", "/bin"])
SERVER = [sys.executable, "-P", str(HERE / "server.py")]
common = {
    "PATH": PATH,
    "NBGRADER_EXCHANGE": str(room.exchange),
    "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),  # many people share the cores
}


def config_path(role: str) -> str:
    """Where a server's Jupyter configuration is, for people or for the course's own server."""
    return os.pathsep.join(str(HERE / "config" / part) for part in (role, "everyone"))


c.JupyterHub.spawner_class = "localprocess"
c.Spawner.cmd = SERVER
c.Spawner.default_url = "/lab"
c.Spawner.pre_spawn_hook = own_port
c.Spawner.environment = common | {"JUPYTER_CONFIG_PATH": config_path("people")}
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # seconds; a whole class starts at the same minute
c.JupyterHub.concurrent_spawn_limit = 10

# --- formgrader: one server for all staff, run as the account that owns the course's folder. It is in the hub's menu
# under Services, and at /services/<course>/formgrader. Opened there and not inside a JupyterLab tab, it needs no
# weaker Content-Security-Policy.
c.JupyterHub.services = [
    {
        "name": service,  # has to be nbgrader's course_id
        "url": f"http://127.0.0.1:{room.formgrader_port}",
        "command": SERVER,
        "user": room.account,
        "cwd": str(Path(os.path.expanduser(f"~{room.account}")) / room.course),  # nbgrader_config.py is there
        "api_token": secrets.token_hex(32),
        "environment": common | {"JUPYTER_CONFIG_PATH": config_path("course"), "JUPYTERHUB_DEFAULT_URL": "/formgrader"},
        "oauth_no_confirm": True,
        "timeout": 120,  # seconds; with the default of 30 the hub gives up when the machine is busy
    }
]


class CourseFile(RequestHandler):
    """formgrader links files as /tree/..., /notebooks/..., /edit/...; they are in the course's own JupyterLab."""

    def get(self, path: str) -> None:
        """Send the reader there; who may read it is decided there."""
        self.redirect(url_path_join(c.JupyterHub.get("base_url", "/"), "services", service, "lab/tree", path))


c.JupyterHub.extra_handlers = [(r"/(?:tree|notebooks|edit)/(?:\./)?(.*)", CourseFile)]

# The service's own account has to be in the group, or every page of formgrader fails.
c.JupyterHub.load_groups = {
    f"formgrade-{service}": {"users": [*room.staff, room.account]},
    f"nbgrader-{service}": {"users": list(room.students)},
}
c.JupyterHub.load_roles = [
    {
        "name": f"formgrade-{service}",
        "groups": [f"formgrade-{service}"],
        "scopes": [f"{verb}:services!service={service}" for verb in ("access", "list", "read")],
    },
    {
        "name": f"{service}-service",
        "services": [service],
        "scopes": ["read:users", "list:users", "groups", "list:services", "read:services"],
    },
]
