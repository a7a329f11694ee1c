"""Attacks on the two connections between judge and kernel."""

from __future__ import annotations

from hostile.course import HONEST, Attack

AGENT = """
import gc
import nbjudge.border.agent, nbjudge.border.wire, nbjudge.border.encode
agent = next(item for item in gc.get_objects() if type(item) is nbjudge.border.agent.Agent)
"""
# The agent's socket is the one whose reader is the agent's; a copy of its file is used beside it.
SOCKET = """
import os, socket, struct
import msgpack
readers = get_ipython().kernel.io_loop.asyncio_loop._selector.get_map().values()
number = next(key.fd for key in readers if key.data[0] and 'serve' in key.data[0]._callback.__qualname__)
raw = socket.socket(fileno=os.dup(number))
def reply_with(data):
    raw.setblocking(True)
    raw.sendall(data)
"""
ZERO = "\ndef gradient(theta, X):\n    return torch.zeros(len(theta))\n"
PRIMES = HONEST["primes"]


def answering(name: str, says: str, body: str, **more: object) -> Attack:
    """An agent whose ``answer(self, request)`` is replaced once the first answer is there."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    source = f"{AGENT}{ZERO}\nhonest = nbjudge.border.agent.Agent.answer\ndef answer(self, request):\n{lines}\n"
    return Attack(name, says, {"gradient": source + "nbjudge.border.agent.Agent.answer = answer"}, **more)  # type: ignore[arg-type]


# A thread of an attack's own may come too late: then `may_lose`, for the honest rest may have been judged.
OTHERS = {"primes_list": 0.0, "primes_refuses": 0.0, "basket": 0.0, "slope_value": 0.0}

ATTACKS = [
    Attack(
        "forged_arguments",
        "The reply says that the arguments have become zero, though nobody asked for them.",
        {
            "gradient": AGENT + ZERO + "honest = nbjudge.border.agent.Agent.do_call\n"
            "def do_call(self, number, pickled, changes):\n"
            "    value, after = honest(self, number, pickled, changes)\n"
            "    args, kwargs = self.load(pickled)\n"
            "    zeros = [torch.zeros_like(a) if isinstance(a, torch.Tensor) else a for a in args]\n"
            "    return value, nbjudge.border.encode.encode([zeros, kwargs], self.ref)\n"
            "nbjudge.border.agent.Agent.do_call = do_call\n"
        },
    ),
    Attack(
        "sacrifice",
        "One test is failed early, so that its import is missing, and the name is answered by the submission.",
        {
            "gradient": "def gradient(theta, X):\n    return 0 * theta.sum()\ntrue_gradient = lambda theta, X: 0 * theta.sum()"
        },
    ),
    Attack(
        "own_names",
        "The submission binds every name that a test uses.",
        {
            "gradient": ZERO + "points = 2.0\nwanted = got = torch.zeros(2)\nEXPECTED_TOTAL = 0\n"
            "def check_close(*rest):\n    pass\ntrue_gradient = gradient\nfloat = abs = lambda *a: 2.0"
        },
    ),
    answering(
        "always_true", "Every request is answered with True.", "return [request[0], 'ok', True, None]", earns=OTHERS
    ),
    answering(
        "always_ref",
        "Every request is answered with an object.",
        "return [request[0], 'ok', ['ref', 1, 'object', 'float', 'x', None], None]",
        earns=OTHERS,
    ),
    answering(
        "wrong_nonce", "Replies carry a wrong number.", "return [b'12345678', *honest(self, request)[1:]]", earns=OTHERS
    ),
    answering(
        "malformed",
        "Replies are of no agreed form.",
        "return {'ok': 1} if request[1] != 'file' else None",
        earns=OTHERS,
    ),
    answering(
        "bad_trees",
        "Replies hold trees that fit nothing.",
        "import itertools\nself.turn = getattr(self, 'turn', -1) + 1\n"
        "trees = [['array', [], [10**15], b''], ['array', 'O', [1], b'12345678'], ['tensor', 'float32', [-1], b'', True, 'cpu', 7],"
        " ['range', 0, 10**18, 1], ['decimal', '1e999999999'], ['named', 'x', ['__class__'], [1]], ['frame'], ['dict', [[['list', []], 1]]],"
        " ['series', ['datetime64[ns, dateutil//etc/passwd]', ['list', [1]]], ['range', 0, 2000000000, 1, None], None]]\n"
        "return [request[0], 'ok', ['list', [trees[self.turn % len(trees)]]] if request[1] == 'get' else trees[self.turn % len(trees)], None]",
        earns=OTHERS,
    ),
    answering(
        "error_bomb",
        "A syntax error that points two thousand million columns to the right.",
        "return [request[0], 'error', [['SyntaxError', 'Exception'], 'no', ['list', ['no', 'f', 1, 1, 'x', 1, 2 * 10**9]],"
        " ['dict', [['lineno', 1], ['offset', 1], ['text', 'x'], ['end_offset', 2 * 10**9]]]], None]",
        earns=OTHERS,
    ),
    answering(
        "odd_errors",
        "Errors whose classes and arguments fit nothing.",
        "kinds = ['UnicodeDecodeError', 'SyntaxError', 'KeyError', 'ExceptionGroup', 'SystemExit', 'KeyboardInterrupt', 'print']\n"
        "self.turn = getattr(self, 'turn', -1) + 1\n"
        "return [request[0], 'error', [[[1, 'has space'], kinds[self.turn % len(kinds)]], '\\ud800', ['list', ['x', 1, 'y']], ['dict', [['args', 3], ['msg', 4]]]], None]",
        earns=OTHERS | {"primes_refuses": 1.0},
        may_lose=("primes_refuses",),
    ),
    Attack(
        "announced",
        "A reply of a million million bytes is announced before anybody asks.",
        {"gradient": SOCKET + ZERO + "reply_with(struct.pack('>Q', 10**12))"},
        earns=OTHERS,
    ),
    Attack(
        "presented",
        "Replies lie ready before the question.",
        {
            "gradient": SOCKET
            + ZERO
            + "data = msgpack.packb([b'00000000', 'ok', True, None])\nreply_with((struct.pack('>Q', len(data)) + data) * 50)"
        },
        earns=OTHERS,
    ),
    Attack(
        "amplified",
        "A small message unpacks into gigabytes.",
        {
            "gradient": SOCKET + ZERO + "import threading\ndef flood():\n    count = 90_000_000\n"
            "    reply_with(struct.pack('>Q', count + 5) + b'\\xdd' + struct.pack('>I', count))\n"
            "    for _ in range(90):\n        reply_with(b'\\x90' * 1_000_000)\n"
            "threading.Thread(target=flood, daemon=True).start()"
        },
        may_lose=tuple(OTHERS),
    ),
    Attack(
        "drip",
        "A reply comes one byte at a time.",
        {
            "gradient": SOCKET
            + ZERO
            + "import threading, time\ndef drip():\n    reply_with(struct.pack('>Q', 10**6))\n    while True:\n        reply_with(b'x')\n        time.sleep(0.1)\n"
            "threading.Thread(target=drip, daemon=True).start()"
        },
        may_lose=tuple(OTHERS),
    ),
    Attack(
        "thief",
        "A thread reads the requests from the socket and answers all of them.",
        {
            "gradient": SOCKET
            + ZERO
            + "import threading\ndef steal():\n    raw.setblocking(True)\n    while True:\n        size, = struct.unpack('>Q', raw.recv(8, socket.MSG_WAITALL))\n"
            "        request = msgpack.unpackb(raw.recv(size, socket.MSG_WAITALL), strict_map_key=False)\n"
            "        value = ['list', [True]] if request[1] == 'get' else True\n"
            "        data = msgpack.packb([request[0], 'ok', value, None])\n        raw.sendall(struct.pack('>Q', len(data)) + data)\n"
            "threading.Thread(target=steal, daemon=True).start()"
        },
        may_lose=tuple(OTHERS),
    ),
    Attack(
        "hung_up",
        "The connection to the judge is closed.",
        {"gradient": SOCKET + ZERO + "raw.shutdown(socket.SHUT_RDWR)"},
        earns=OTHERS,
    ),
    Attack(
        "forged_messages",
        "The kernel says that the cell is done, shows another's outputs, and runs on.",
        {
            "gradient": ZERO + "import json, time\nk = get_ipython().kernel\nparent = k.get_parent()\n"
            "for _ in range(3):\n    k.session.send(k.shell_stream, 'execute_reply', {'status': 'ok', 'execution_count': -5}, parent)\n"
            "    k.session.send(k.iopub_socket, 'status', {'execution_state': 'idle'}, parent)\n"
            "    k.session.send(k.iopub_socket, 'execute_result', {'data': {'text/plain': ['6.0']}, 'metadata': [], 'execution_count': 'x'}, parent)\n"
            "    k.session.send(k.iopub_socket, 'error', {'ename': [1], 'evalue': {}, 'traceback': 'none'}, parent)\n"
            "time.sleep(0.5)"
        },
    ),
    Attack(
        "deep_output",
        "A display nested 450 deep.",
        {
            "gradient": ZERO
            + "from IPython.display import display\nv = 1\nfor _ in range(450):\n    v = [v]\ndisplay({'application/x+json': v}, raw=True)"
        },
    ),
    Attack(
        "dies_when_judged",
        "The process ends in every hidden call, in the hope of another run.",
        {
            "gradient": "import os\ndef gradient(theta, X):\n    if len(theta) == 3:\n        os._exit(0)\n    return X.T @ (X @ theta) / len(X)"
        },
        earns={"gradient_seen": 1, "gradient_points": 2},
    ),
]
