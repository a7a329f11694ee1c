"""Headless Chromium, driven through its own chromedriver by the W3C WebDriver protocol: JSON over HTTP, no package."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",  # WebGL without a graphics card
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--proxy-server=127.0.0.1:9",  # nothing it shows may come from the network
    "--proxy-bypass-list=127.0.0.1",
)
WAIT = 120.0  # seconds that one command may take


class Browser:
    """One browser with one page. Use it in a `with` statement, which ends its processes.

    Raises RuntimeError, saying what to install, if chromium or chromedriver isn't there, or with the browser's own
    message if a command fails.
    """

    def __init__(self, width: int = 960, height: int = 620) -> None:
        binary = shutil.which("chromium") or shutil.which("google-chrome")
        driver = shutil.which("chromedriver")
        if binary is None or driver is None:
            raise RuntimeError("This needs Chromium and its driver: apt-get install chromium chromium-driver.")
        self._profile = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        self._driver = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._session = ""
        try:
            self._address = f"http://127.0.0.1:{self._port()}"
            arguments = [*OPTIONS, f"--user-data-dir={self._profile.name}", f"--window-size={width},{height}"]
            chrome = {"binary": binary, "args": arguments}
            wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": chrome}}}
            self._session = f"/session/{self._send('POST', '/session', wanted)['sessionId']}"
            self._send("POST", f"{self._session}/timeouts", {"script": int(WAIT * 1000)})
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and its driver."""
        if self._session:
            self._send("DELETE", self._session)
        self._driver.terminate()
        self._driver.wait(timeout=WAIT)
        if self._driver.stdout:
            self._driver.stdout.close()
        self._profile.cleanup()

    def open(self, page: Path) -> None:
        """Show a file and wait until it is loaded."""
        self._send("POST", f"{self._session}/url", {"url": page.resolve().as_uri()})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of an async JavaScript function, its arguments in `given`, and return what that returns."""
        body = (
            "const done = arguments[arguments.length - 1];"
            f"(async (...given) => {{ {script} }})(...Array.from(arguments).slice(0, -1))"
            ".then(value => done({value: value === undefined ? null : value}), error => done({error: String(error)}));"
        )
        answer = self._send("POST", f"{self._session}/execute/async", {"script": body, "args": list(arguments)})
        if "error" in answer:
            raise RuntimeError(f"The page said: {answer['error']}")
        return answer["value"]

    def picture(self, selector: str) -> bytes:
        """Return a PNG of the first element that matches a CSS selector."""
        element = self._send("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        (identity,) = element.values()
        return base64.b64decode(self._send("GET", f"{self._session}/element/{identity}/screenshot"))

    def click(self, x: float, y: float) -> None:
        """Click at a place of the page, in pixels."""
        self._pointer([_move(x, y), {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}])

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press at one place, move to another in a few moves, and let go."""
        between = [tuple(a + (b - a) * part / 8 for a, b in zip(start, end, strict=True)) for part in range(1, 9)]
        moves = [_move(x, y, milliseconds=40) for x, y in between]
        press, release = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self._pointer([_move(*start), press, *moves, release])

    def _pointer(self, actions: list[dict[str, Any]]) -> None:
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self._send("POST", f"{self._session}/actions", {"actions": [mouse]})

    def _port(self) -> str:
        """Return the port that the driver says it listens on."""
        for line in self._driver.stdout or ():
            if found := re.search(rb"started successfully on port (\d+)", line):
                return found[1].decode()
        raise RuntimeError("chromedriver ended before it listened: is it of the same version as chromium?")

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send one command and return the value of its answer."""
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(
            self._address + path, data, {"Content-Type": "application/json"}, method=method
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=WAIT + 10) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                said = json.load(error)["value"]
            raise RuntimeError(f"The browser said: {said['error']}: {said['message'].splitlines()[0]}") from None


def _move(x: float, y: float, milliseconds: int = 0) -> dict[str, Any]:
    return {"type": "pointerMove", "x": round(x), "y": round(y), "duration": milliseconds}
