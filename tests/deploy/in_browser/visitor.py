"""Somebody at a browser: logs in to the hub and keeps a picture of what they see."""

import json
from pathlib import Path

PICTURES = Path(__file__).parents[3] / "build" / "screenshots"
PATIENCE = 240_000  # milliseconds that a step may take on a busy machine
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run --disable-component-update "
    "--disable-background-networking --disable-sync"
).split()


class Visitor:
    """One person in a browser of their own; `goes_to` is where they log in to."""

    def __init__(self, browser, hub, name, goes_to):
        self.hub, self.name = hub, name
        self.prefix = f"{hub.address}/user/{name}"
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.goto(f"{hub.address}/hub/login?next={goes_to}")
        self.page.fill("#username_input", name)
        self.page.fill("#password_input", hub.password)
        self.page.click("#login_submit")

    def close(self):
        self.context.close()

    def picture(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(500)  # dialogs fade in
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def answered(self, method, path, act):
        """The JSON that a request to an address with `path` in it got, when `act` was done."""
        with self.page.expect_response(lambda r: r.request.method == method and path in r.url) as waiting:
            act()
        return json.loads(waiting.value.text())
