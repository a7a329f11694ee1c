"""Notebook outputs from a kernel's messages: well formed whatever was sent, and capped in size."""

from __future__ import annotations

import json
from typing import Any

from nbformat import NotebookNode, from_dict

from nbjudge.sandbox.messages import Message

TEXT_LIMIT = 1_000_000  # characters of printed text and tracebacks in one cell
FIGURE_LIMIT = 16_000_000  # characters of displayed data in one cell
KERNEL_LIMIT = 128_000_000  # characters in all cells that one kernel runs
CUT = "\n[output truncated: more than {limit:,} characters]\n"


class Outputs:
    """The outputs of one cell, gathered message by message into ``nodes``."""

    def __init__(self, text_limit: int = TEXT_LIMIT, figure_limit: int = FIGURE_LIMIT) -> None:
        self.nodes: list[NotebookNode] = []
        self._limits = {"text": text_limit, "figure": figure_limit}
        self._left = dict(self._limits)
        self._cut: set[str] = set()
        self._clear = False

    @property
    def size(self) -> int:
        """How many characters were taken in, cleared ones included."""
        return sum(self._limits.values()) - sum(self._left.values())

    def add(self, message: Message) -> None:
        """Take in one IOPub message; those that are no output are ignored."""
        if message.kind == "clear_output":
            self._clear = True
            if not message.content.get("wait"):
                self._clear_now()
            return
        node = _node(message)
        if node is None:
            return
        self._clear_now()
        purse = "figure" if "data" in node else "text"
        size = len(node["text"]) if "text" in node else len(json.dumps(node))
        if purse in self._cut:
            return
        if size > self._left[purse]:
            self._cut.add(purse)
            note = CUT.format(limit=self._limits[purse])
            kept = node["text"][: self._left[purse]] if "text" in node else ""
            self._append(output("stream", name=node.get("name", "stderr"), text=kept + note))
            return
        self._left[purse] -= size
        self._append(node)

    def _clear_now(self) -> None:
        if self._clear:
            self.nodes.clear()
            self._clear = False

    def _append(self, node: NotebookNode) -> None:
        last = self.nodes[-1] if self.nodes else {}
        if "text" in node and "text" in last and last["name"] == node["name"]:
            last["text"] += node["text"]
        else:
            self.nodes.append(node)


def output(kind: str, **content: Any) -> NotebookNode:
    """As nbformat's ``new_output`` makes it, which would look up in the schema what is known to be valid here."""
    node: NotebookNode = from_dict({"output_type": kind, **content})  # type: ignore[no-untyped-call]
    return node


def _node(message: Message) -> NotebookNode | None:
    """The nbformat output that a message describes, if it describes one."""
    content = message.content
    if message.kind == "stream":
        name, text = content.get("name"), content.get("text")
        if name in ("stdout", "stderr") and isinstance(text, str):
            return output("stream", name=name, text=text)
    elif message.kind in ("display_data", "execute_result"):
        data, metadata = _bundle(content.get("data")), content.get("metadata")
        if data:
            return _figure(message.kind, data, metadata if isinstance(metadata, dict) else {}, content)
    elif message.kind == "error":
        trace = content.get("traceback")
        lines = [line for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
        name, value = str(content.get("ename", "")), str(content.get("evalue", ""))
        return output("error", ename=name, evalue=value, traceback=lines)
    return None


def _figure(kind: str, data: dict[str, Any], metadata: dict[str, Any], content: dict[str, Any]) -> NotebookNode:
    if kind == "display_data":
        return output(kind, data=data, metadata=metadata)
    count = content.get("execution_count")
    number = count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None
    return output(kind, data=data, metadata=metadata, execution_count=number)


def _bundle(data: object) -> dict[str, Any]:
    """The entries of a MIME bundle that nbformat allows: JSON types any value, all others text."""
    if not isinstance(data, dict):
        return {}
    return {kind: value for kind, value in data.items() if isinstance(value, str) or kind.endswith("json")}
