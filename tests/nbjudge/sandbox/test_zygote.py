"""The zygote reports what it lacks, stays single-threaded, and survives whoever talks to it."""

import json
import socket

import pytest
from nbformat.v4 import new_code_cell

from nbjudge.sandbox import packets, zygote
from nbjudge.sandbox.kernel import Kernel


def test_missing_modules_are_returned_by_name():
    assert zygote.import_all(["json", "no_such_module", "no.such"]) == ["no_such_module", "no.such"]


def test_a_module_that_starts_threads_is_refused_by_count(tmp_path, monkeypatch):
    module = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    (tmp_path / "threaded.py").write_text(module)
    monkeypatch.setattr("nbjudge.sandbox.zygote.threads", lambda: 2)
    said = []
    monkeypatch.setattr("nbjudge.sandbox.zygote.warm", lambda names: [])
    monkeypatch.setattr("nbjudge.sandbox.zygote.take_voice", lambda: 1)
    monkeypatch.setattr("nbjudge.sandbox.zygote.announce", lambda voice, content: said.append(content))
    monkeypatch.setattr(
        "sys.argv", ["zygote", json.dumps({"isolation": "bwrap", "preload": [], "listener": 0, "paths": []})]
    )
    with pytest.raises(SystemExit):
        zygote.main()
    assert "started 1 threads" in said[0]["error"]


def test_junk_on_its_socket_does_not_end_it(sandbox):
    for junk in (b"", b"\xff\xfe", b"[1]", b"{}", b'{"limits": {"memory": "x"}}'):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
            sock.connect(sandbox.address)
            if junk:
                sock.send(junk)
    with Kernel.start(sandbox.address, seed=1) as kernel:
        assert kernel.execute(new_code_cell("1"), 20).status == "ok"


def test_a_request_that_cannot_be_met_says_why(sandbox):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sock:
        sock.connect(sandbox.address)
        packets.send(sock, {"limits": {"no_such_limit": 1}})
        answer, files = packets.receive(sock)
    assert "no_such_limit" in answer["error"]
    assert files == []


def test_kernels_find_preloaded_modules_imported(sandbox):
    with Kernel.start(sandbox.address, seed=1) as kernel:
        run = kernel.execute(new_code_cell("import sys\nprint('fractions' in sys.modules)"), 20)
    assert run.outputs[0]["text"] == "True\n"


def test_a_first_figure_and_a_first_traceback_import_nothing_more(sandbox):
    count = "import sys\nprint(len(sys.modules))"
    figure = "import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[1])).show()"
    with Kernel.start(sandbox.address, seed=1) as kernel:
        runs = [kernel.execute(new_code_cell(source), 60) for source in (count, figure, "1 / 0", count)]
    assert "application/vnd.plotly.v1+json" in runs[1].outputs[0]["data"]
    assert runs[2].status == "error"
    assert int(runs[3].outputs[0]["text"]) - int(runs[0].outputs[0]["text"]) < 20
