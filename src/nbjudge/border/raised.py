"""Exceptions of the student's code as the judge's own: of builtin classes, and of copies of the student's."""

from __future__ import annotations

import builtins
from typing import Any

from nbjudge.border.bounds import CannotCross, Tree
from nbjudge.border.decode import decode
from nbjudge.border.reading import Deref, items, text

MAX_CLASSES = 1000  # in one process of a student's
_SCALARS = (type(None), bool, int, float, str, bytes)


class Raised:
    """The judge's copies of exception classes that the student's code has defined, by their number there.

    A copy has the student's name and the nearest builtin ancestor, and nothing of the class's own behaviour.
    """

    def __init__(self) -> None:
        self._classes: dict[int, type[BaseException]] = {}

    def clear(self) -> None:
        """Forget the classes of a process that has ended."""
        self._classes.clear()

    def number(self, kind: type) -> int | None:
        """The number of the student's class that ``kind`` is the living copy of."""
        number = vars(kind).get("_student")
        return number if number is not None and self._classes.get(number) is kind else None

    def kind(self, bases: Tree) -> type[BaseException]:
        """The class for a list of ancestors: builtin ones by name, others as number and name.

        Raises CannotCross when the list is malformed or too many classes have come.
        """
        # The nearest builtin ancestor decides what an `except` in the test cell catches.
        made: type[BaseException] = Exception
        own: list[list[Any]] = []
        for base in items(bases)[:50]:
            found = getattr(builtins, base, None) if type(base) is str else None
            if isinstance(found, type) and issubclass(found, BaseException):
                made = found
                break
            if type(base) is list:
                own.append(base)
        for number, name in reversed(own):
            if type(number) is not int or type(name) is not str:
                raise CannotCross("the reply is malformed")
            if number not in self._classes:
                if len(self._classes) >= MAX_CLASSES:
                    raise CannotCross("the reply holds too many classes of exceptions")
                safe = name[:100] if name.isidentifier() else "StudentError"
                self._classes[number] = type(safe, (made,), {"_student": number})
            made = self._classes[number]
        return made

    def error(self, tree: Tree, deref: Deref) -> BaseException:
        """The exception for ``[bases, message, arguments or None, attributes or None]``.

        Raises CannotCross when that is malformed, and no other Exception.
        """
        try:
            bases, message, arguments, attributes = items(tree)
            kind = self.kind(bases)
            error = _made(kind, text(message), decode(arguments, deref))
            found = decode(attributes, deref) or {}
            if type(found) is not dict or not all(type(name) is str for name in found):
                raise CannotCross("the reply is malformed")
            vars(error).update({n: v for n, v in found.items() if not n.startswith("_") and not hasattr(kind, n)})
        except CannotCross:
            raise
        except Exception as reason:
            raise CannotCross(f"the reply is malformed ({type(reason).__name__})") from None
        return error


def _made(kind: type[BaseException], message: str, arguments: Any) -> BaseException:
    if arguments is not None and (
        type(arguments) is not list or len(arguments) > 8 or not all(type(item) in _SCALARS for item in arguments)
    ):
        raise CannotCross("the reply is malformed")
    # A syntax error's arguments are places in a text, which Python's own traceback would believe.
    if arguments is None or issubclass(kind, SyntaxError):
        arguments = [message]
    for base in kind.__mro__:
        # Some builtin classes want arguments of their own: the next ancestor is what can be caught then.
        for given in (arguments, [message]):
            try:
                error: BaseException = base(*given)
            except Exception:
                continue
            return error
    raise CannotCross("the reply is malformed")
