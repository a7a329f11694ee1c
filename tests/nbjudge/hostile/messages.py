"""Forged Jupyter messages, and a kernel that is asked to end."""

from __future__ import annotations

from hostile.course import Attack

OTHERS = ("primes_list", "primes_refuses", "basket", "slope_value")
ZERO = "\ndef gradient(theta, X):\n    return torch.zeros(len(theta))\n"
KERNEL = "k = get_ipython().kernel\nparent = k.get_parent()\nimport json\n"
HEADER = """
def header(kind, number='0'):
    return json.dumps({'msg_id': number, 'msg_type': kind, 'session': '', 'username': '', 'version': '5.3', 'date': ''}).encode()
mine = json.dumps(parent['header'], default=str).encode()
def forge(*frames):
    k.iopub_socket.send_multipart([b'x', b'<IDS|MSG>', *frames])
"""


def forging(name: str, says: str, body: str, **more: object) -> Attack:
    """The answer's cell runs ``body`` with a kernel ``k``, the request ``parent`` and ``forge(*frames)``."""
    return Attack(name, says, {"gradient": f"{ZERO}{KERNEL}{HEADER}{body}"}, **more)  # type: ignore[arg-type]


ATTACKS = [
    forging(
        "wrong_ids",
        "Replies and outputs for requests that nobody made.",
        "for number in ('', 'x', 'nbjudge', parent['header']['msg_id'][:-1] + 'g'):\n"
        "    asked = {'header': {'msg_id': number, 'session': 'nbjudge'}}\n"
        "    k.session.send(k.shell_stream, 'execute_reply', {'status': 'ok', 'points': 6}, asked)\n"
        "    k.session.send(k.iopub_socket, 'stream', {'name': 'stdout', 'text': 'FOUN' + 'D [other]'}, asked)\n"
        "    k.session.send(k.iopub_socket, 'status', {'execution_state': 'idle'}, asked)",
    ),
    forging(
        "bad_signatures",
        "Messages whose signatures fit nothing.",
        "for signature in (b'', b'0' * 64, b'\\xff' * 1000, b'{}'):\n"
        "    forge(signature, header('execute_reply'), mine, b'{}', b'{\"status\": \"ok\"}')\n"
        "k.session.key = b'another key'\n"
        "k.session.send(k.iopub_socket, 'status', {'execution_state': 'idle'}, parent)",
        may_lose=OTHERS,
    ),
    forging(
        "malformed_json",
        "Frames that are no JSON, too few, too many, or not what they should be.",
        "for bad in (b'', b'{', b'\\xff\\xfe', b'null', b'[]', b'\"', b'1e999', b'{\"a\": NaN}', b'[' * 100_000, b'{\"a\":' * 50_000, b'\"\\\\ud800\"', b'9' * 100_000):\n"
        "    forge(b'', bad, bad, bad, bad)\n    forge(b'', header('stream'), mine, bad, bad)\n    forge(b'', header('stream'), mine, b'{}', bad)\n"
        "    k.iopub_socket.send_multipart([bad])\n    k.iopub_socket.send_multipart([b'<IDS|MSG>', bad])\n    forge(bad)\n"
        "    k.shell_stream.send_multipart([bad] * 9)\nforge(*[b'x'] * 5000)",
    ),
    forging(
        "odd_contents",
        "Well-formed messages whose fields have the wrong types.",
        "odd = [None, 1, [], {}, 'x' * 10**6, [[]] * 1000, True, 1e400, '\\ud800']\n"
        "for value in odd:\n    for kind in ('stream', 'display_data', 'execute_result', 'error', 'status', 'update_display_data', 'clear_output', 'execute_input', '__class__'):\n"
        "        for key in ('name', 'text', 'data', 'metadata', 'transient', 'traceback', 'ename', 'execution_state', 'wait', 'execution_count'):\n"
        "            forge(b'', header(kind), mine, b'{}', json.dumps({key: value, 'data': {'text/html': value}, 'name': value}).encode())",
    ),
    forging(
        "million_messages",
        "A million small messages.",
        "frames = [b'x', b'<IDS|MSG>', b'', header('stream'), mine, b'{}', b'{\"name\": \"stdout\", \"text\": \"x\"}']\n"
        "for _ in range(1_000_000):\n    k.iopub_socket.send_multipart(frames)",
    ),
    forging(
        "million_for_others",
        "A million messages for nobody, from a thread, while everything else goes on.",
        "frames = [b'x', b'<IDS|MSG>', b'', header('stream'), b'{}', b'{}', b'{}']\nimport threading, time\n"
        "def send():\n    for n in range(1_000_000):\n        k.iopub_socket.send_multipart(frames)\n        n % 100 or time.sleep(0.001)\n"
        "threading.Thread(target=send, daemon=True).start()",
    ),
    forging(
        "never_idle",
        "The kernel never says that it is done.",
        "send = k.session.send\nk.session.send = lambda stream, kind, *a, **n: None if kind == 'status' else send(stream, kind, *a, **n)",
    ),
    forging(
        "never_replies",
        "The kernel never replies to a cell.",
        "send = k.session.send\nk.session.send = lambda stream, kind, *a, **n: None if kind == 'execute_reply' else send(stream, kind, *a, **n)",
    ),
    forging(
        "always_errors",
        "Each cell is said to have failed, with a traceback that holds a page.",
        "send = k.session.send\ndef lie(stream, kind, content=None, *a, **n):\n"
        "    if kind == 'execute_reply':\n        send(k.iopub_socket, 'error', {'ename': '<script>', 'evalue': '</title><script>document.title=1</script>', 'traceback': ['\\x1b[31m<img src=x>']}, k.get_parent())\n"
        "        content = {'status': 'error'}\n    return send(stream, kind, content, *a, **n)\nk.session.send = lie",
    ),
    forging(
        "shutdown_request",
        "The kernel is sent a shutdown request, as a client would send it.",
        "import asyncio\nrequest = {'header': {'msg_id': 'x', 'msg_type': 'shutdown_request'}, 'content': {'restart': True}}\n"
        "asyncio.ensure_future(k.shutdown_request(k.control_stream, [b'x'], request))",
        may_lose=OTHERS,
    ),
    forging(
        "shutdown_reply",
        "The kernel says that it is about to end, and stays.",
        "for kind in ('shutdown_reply', 'interrupt_reply', 'kernel_info_reply'):\n"
        "    k.session.send(k.shell_stream, kind, {'status': 'ok', 'restart': False}, parent)\n"
        "    k.session.send(k.iopub_socket, kind, {'status': 'ok', 'restart': False}, parent)",
    ),
    forging(
        "asks_for_input",
        "A cell asks for input and opens a debugger.",
        "try:\n    input('points? ')\nexcept BaseException as error:\n    print(type(error).__name__)\n"
        "k.session.send(k.shell_stream, 'input_request', {'prompt': 'p', 'password': True}, parent)\nbreakpoint()",
    ),
]
