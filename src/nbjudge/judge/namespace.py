"""The trusted namespace: test cells run in it, and what it doesn't define is the student's."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from nbjudge.border.handle import Handle
from nbjudge.border.student import Student


class Namespace(dict[str, Any]):
    """Globals for test cells.

    Names bound here (by test cells, and by what staff wrote in released cells) are the judge's. Names that
    answer cells bind are *owned* by the student's side: reading one asks for it, deleting one or binding an
    object of the student's to it acts there. Python's own builtins stay the judge's unless owned.
    """

    def __init__(self, student: Student) -> None:
        super().__init__(__name__="__main__", __doc__=None)
        self.student = student
        self.owned: set[str] = set()
        self.reserved: set[str] = set()  # names that only staff bind: a submission never answers for them
        self.computed: set[str] = set()  # names of released cells whose values are the student's side's
        self.fetched: set[str] = set()  # those of them that a test has read
        self.secret: set[str] = set()  # names whose values a hidden statement has made, or helped to make
        dict.__setitem__(self, "__builtins__", _builtins(student))

    def own(self, names: set[str], computed: bool = False) -> None:
        """From here on these names mean the student's side; ``computed`` marks those of released cells."""
        self.owned |= names
        self.computed = self.computed | names if computed else self.computed - names
        for name in names:
            dict.pop(self, name, None)

    def disown(self, names: set[str]) -> None:
        """From here on these names are the judge's to bind."""
        self.owned -= names

    def __missing__(self, name: str) -> Any:
        if not self._is_students(name):
            raise KeyError(name)
        found = self.student.get(name)
        if not found:
            raise KeyError(name)
        if name in self.computed:
            self.fetched.add(name)
        return found[0]

    def __contains__(self, name: object) -> bool:
        if dict.__contains__(self, name):
            return True
        return isinstance(name, str) and self._is_students(name) and bool(self.student.get(name))

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name on either side."""
        try:
            return self[name]
        except KeyError:
            return default

    def keys(self) -> Any:
        """The names on both sides, as ``dir()`` and ``globals()`` show them."""
        here = set(dict.keys(self))
        return here | {name for name in self.student.names() if self._is_students(name)}

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self.owned and isinstance(value, Handle):
            dict.pop(self, name, None)
            self.student.bind({name: value})
        else:
            dict.__setitem__(self, name, value)

    def __delitem__(self, name: str) -> None:
        here = dict.__contains__(self, name)
        if here:
            dict.__delitem__(self, name)
        if name in self.owned:
            try:
                self.student.unbind(name)
            except NameError:
                if not here:
                    raise KeyError(name) from None
        elif not here:
            raise KeyError(name)

    def keep(self, names: set[str]) -> Callable[[], None]:
        """Remember what these names mean here now; calling what is returned makes it so again."""
        values = {name: dict.__getitem__(self, name) for name in names if dict.__contains__(self, name)}
        kept = {which: set(getattr(self, which)) for which in ("owned", "reserved", "computed", "secret")}

        def restore() -> None:
            vars(self).update({which: set(those) for which, those in kept.items()})
            dict.update(self, values)

        return restore

    def is_handed_in(self, name: str) -> bool:
        """Whether a name stands for something of the submission's now."""
        if dict.__contains__(self, name):
            return isinstance(dict.__getitem__(self, name), Handle)
        return self._is_students(name)

    def _is_students(self, name: str) -> bool:
        if name in self.owned:
            return True
        return name not in self.reserved and not hasattr(builtins, name) and not name.startswith("__")


def _builtins(student: Student) -> dict[str, Any]:
    """Python's builtins, with those that look at an object's type taught about handles."""

    def isinstance_(value: Any, classes: Any) -> bool:
        if isinstance(classes, tuple):
            return any(isinstance_(value, kind) for kind in classes)
        if isinstance(classes, Meta) or not (isinstance(value, Handle) or isinstance(classes, Handle)):
            return isinstance(value, classes)
        if not isinstance(value, Handle):
            return False  # plain data is never an instance of a class of the student's
        return student.operate("isinstance", value, classes) is True

    def issubclass_(kind: Any, classes: Any) -> bool:
        if isinstance(kind, Handle) or isinstance(classes, Handle):
            return student.operate("issubclass", kind, classes) is True
        return issubclass(kind, classes)

    def callable_(value: Any) -> bool:
        return value._kind != "object" if isinstance(value, Handle) else callable(value)

    class Meta(type):
        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            asked = len(args) == 1 and isinstance(args[0], Handle)
            return student.operate("type", args[0]) if asked else type(*args, **kwargs)

        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, type) or (isinstance(value, Handle) and value._kind == "class")

        def __subclasscheck__(cls, kind: type) -> bool:
            return issubclass(kind, type)

    overrides: dict[str, Callable[..., Any]] = {
        "isinstance": isinstance_,
        "issubclass": issubclass_,
        "callable": callable_,
        "type": Meta("type", (type,), {}),
    }
    return {**vars(builtins), **overrides}
