"""What goes out to the student's side: staff-made values pickled by value, objects of the student's by number.

Large arrays go as sealed memory files, which the student's side maps without a copy and cannot write to.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pickle
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import cloudpickle
import torch

from nbjudge.border.agent import tensor_from_array
from nbjudge.border.handle import Handle
from nbjudge.border.wire import MAX_FILES
from nbjudge.border.writers import tensor_bytes

if TYPE_CHECKING:
    from nbjudge.border.student import Student


LARGE = 2**18  # bytes of an array that travels as a file
_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


@contextlib.contextmanager
def pickled(student: Student, value: Any) -> Iterator[tuple[bytes, list[int]]]:
    """A value as the agent unpickles it, and open files with its large arrays, closed afterwards.

    Raises Unreachable when it holds an object of an ended process.
    """
    out, files = io.BytesIO(), list[int]()
    try:
        _Pickler(student, out, files).dump(value)
        yield out.getvalue(), files
    finally:
        for file in files:
            os.close(file)


def memory_file(content: memoryview) -> int:
    """An open, sealed file in memory that holds these bytes."""
    file = os.memfd_create("nbjudge", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    while content:
        content = content[os.write(file, content) :]
    fcntl.fcntl(file, fcntl.F_ADD_SEALS, _SEALS)
    return file


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Staff-made values go out by value; handles go out as the objects they stand for."""

    def __init__(self, student: Student, out: io.BytesIO, files: list[int]) -> None:
        super().__init__(out, protocol=5, buffer_callback=self._inline)
        self._student, self._files = student, files

    def _inline(self, buffer: pickle.PickleBuffer) -> bool:
        """Whether an array's bytes stay in the pickle."""
        content = buffer.raw()
        if content.nbytes < LARGE or len(self._files) >= MAX_FILES:
            return True
        self._files.append(memory_file(content))
        return False

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
