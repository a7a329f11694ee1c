"""What goes out to the student's side: staff-made values pickled by value, objects of the student's by number."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import cloudpickle
import torch

from nbjudge.agent import tensor_from_array
from nbjudge.handle import Handle
from nbjudge.writers import tensor_bytes

if TYPE_CHECKING:
    from nbjudge.student import Student


def pickled(student: Student, value: Any) -> bytes:
    """A value as the agent unpickles it; Unreachable when it holds an object of an ended process."""
    out = io.BytesIO()
    _Pickler(student, out).dump(value)
    return out.getvalue()


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Staff-made values go out by value; handles go out as the objects they stand for."""

    def __init__(self, student: Student, out: io.BytesIO) -> None:
        super().__init__(out, protocol=5)
        self._student = student

    def persistent_id(self, obj: Any) -> int | str | None:
        if type(obj) is Handle:
            return self._student.check(obj)
        if isinstance(obj, type) and (number := self._student.raised.number(obj)) is not None:
            return number
        return self._student.classes[id(obj)][1] if id(obj) in self._student.classes else None

    def reducer_override(self, obj: Any) -> Any:
        if type(obj) is torch.Tensor and obj.layout is torch.strided:
            name = str(obj.dtype).removeprefix("torch.")
            shape, device = list(obj.shape), obj.device.type
            return tensor_from_array, (tensor_bytes(obj).numpy(), name, shape, device, obj.requires_grad)
        return super().reducer_override(obj)
