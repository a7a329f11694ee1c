"""Walking a tree that came over the border: what a node must look like, and what a reply may cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nbjudge.border.bounds import MAX_DEPTH, MAX_NODES, CannotCross, Tree

Deref = Callable[[list[Any]], Any]


class Reading:
    """Reads the nodes of one tree, and counts: depth, and the cost of what is built.

    A plain node costs one. What takes far more memory or time than its text in the reply (a class, a tensor, a
    frame) is paid for with ``spend``, so that a short reply cannot become a large one.
    """

    def __init__(self, readers: Mapping[str, Callable[[list[Any], Reading], Any]], deref: Deref) -> None:
        self.readers, self.deref = readers, deref
        self.left, self.depth = MAX_NODES, 0
        self.records: dict[tuple[str, ...], Any] = {}  # classes of named tuples, by name and fields

    def __call__(self, node: Tree) -> Any:
        """The value of one node; CannotCross, or any exception at all, when it is not of the agreed form."""
        self.spend(1)
        if self.depth > MAX_DEPTH:
            raise CannotCross("the reply is nested too deeply")
        if node is None or type(node) in (bool, int, float, str, bytes):
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise CannotCross("the reply is malformed")
        if node[0] == "ref":
            return self.deref(node)
        if node[0] not in self.readers:
            raise CannotCross(f"the reply holds an unknown kind of value: {node[0][:40]!r}")
        self.depth += 1
        value = self.readers[node[0]](node, self)
        self.depth -= 1
        return value

    def spend(self, nodes: int) -> None:
        """Pay for what is about to be built, in plain nodes."""
        self.left -= nodes
        if self.left < 0:
            raise CannotCross("the reply has too many elements")


def items(node: Tree) -> list[Any]:
    """The node, if it is a list."""
    if type(node) is not list:
        raise CannotCross("the reply is malformed")
    return node


def whole(node: Tree, least: int = -(2**63)) -> int:
    """The node, if it is an integer and not below ``least``."""
    if type(node) is not int or node < least:
        raise CannotCross("the reply is malformed")
    return node


def text(node: Tree, longest: int = 10_000) -> str:
    """The node, if it is a string of at most ``longest`` characters."""
    if type(node) is not str or len(node) > longest:
        raise CannotCross("the reply is malformed")
    return node


def span(start: Any, stop: Any, step: Any) -> range:
    """A range whose elements could also have been sent one by one."""
    if not all(type(number) is int for number in (start, stop, step)):
        raise CannotCross("the reply is malformed")
    found = range(start, stop, step)
    # Compared by subtraction: len() overflows for a range that is too long.
    if abs(stop - start) > MAX_NODES * abs(step):
        raise CannotCross("the reply's range is too long")
    return found
