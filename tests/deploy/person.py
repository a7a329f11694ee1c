"""Somebody on the hub, by HTTP alone: what JupyterLab's buttons send."""

import time

import requests

PATIENCE = 180.0  # seconds for a server to start on a busy machine


class Person:
    """Logs in; `start` makes a server, `get` and `post` talk to it. Failures of HTTP raise."""

    def __init__(self, hub, name):
        self.hub, self.name = hub, name
        self.prefix = f"{hub.address}/user/{name}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Connection"] = "close"  # the proxy ends idle connections, sometimes under a request
        self.session.get(f"{hub.address}/hub/login").raise_for_status()
        form = {"username": name, "password": hub.password, "_xsrf": self._xsrf()}
        answer = self.session.post(f"{hub.address}/hub/login", data=form, allow_redirects=False)
        assert answer.status_code == 302, (answer.status_code, answer.text[:500])

    def start(self):
        """Start this person's server, unless it is running."""
        if not self._server():
            self._hub("POST", f"users/{self.name}/server")
        end = time.monotonic() + PATIENCE
        while not self._server().get("ready"):
            assert time.monotonic() < end, f"The server of {self.name} did not start."
            time.sleep(1)
        return self.sign()

    def sign(self):
        """Get a token, which all later requests carry."""
        token = self._hub("POST", f"users/{self.name}/tokens", json={"note": "test"}).json()["token"]
        self.session.headers["Authorization"] = f"token {token}"
        return self

    def get(self, path, **options):
        return self._taken(self.session.get(f"{self.prefix}/{path}", **options)).json()

    def post(self, path, **data):
        """The answer to a POST, as nbgrader's extensions take it: a form."""
        return self._taken(self.session.post(f"{self.prefix}/{path}", data=data)).json()

    def fetch(self, assignment):
        return self.post("assignments/fetch", course_id="descent", assignment_id=assignment)

    def submit(self, assignment):
        return self.post("assignments/submit", course_id="descent", assignment_id=assignment)

    def read(self, path):
        return self.get(f"api/contents/{path}")["content"]

    def write(self, path, document):
        body = {"type": "notebook", "format": "json", "content": document}
        self._taken(self.session.put(f"{self.prefix}/api/contents/{path}", json=body))

    def _taken(self, answer):
        """The answer, where it is one of success; otherwise all that there is to find out why."""
        if not answer.ok:
            log = self.hub.log.read_text(errors="replace").splitlines()
            worth = [line for line in log if not line.startswith(("[I ", "[D ")) or self.name in line]
            said = "\n".join([str(self._server()), answer.text[:2000], *worth[-100:]])
            raise AssertionError(f"{answer.status_code} for {answer.request.method} {answer.url}\n{said}")
        return answer

    def _server(self):
        return self._hub("GET", f"users/{self.name}").json()["servers"].get("", {})

    def _xsrf(self):
        return next(c.value for c in self.session.cookies if c.name == "_xsrf" and c.path == "/hub/")

    def _hub(self, method, path, **options):
        answer = self.session.request(
            method, f"{self.hub.address}/hub/api/{path}", headers={"X-XSRFToken": self._xsrf()}, **options
        )
        assert answer.ok, (method, path, answer.status_code, answer.text[:500])
        return answer
