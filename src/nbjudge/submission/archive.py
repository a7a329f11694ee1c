"""Archives that students hand in: unpacked in memory, all of one or nothing, whatever it claims about itself."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Sequence

from nbjudge.submission.untrusted import MAX_DEPTH, MAX_FILES, MAX_NOTEBOOK_BYTES, MAX_SUBMISSION_BYTES, Found, is_plain

_PIECE = 1 << 20
_PASSED_OVER = ("__MACOSX", "__pycache__", "__zip_filename__")  # what systems, Python and Otter put there


class _Refused(Exception):
    """Why an archive is not unpacked."""


def unpack(name: str, found: Found) -> None:
    """Put the files of the archive ``name`` in its place, or leave it out and say why.

    A name that leads elsewhere, a link, a password or too much of anything makes the whole archive refused. If all
    lies in one folder, names are taken from inside it. Files that were handed in beside the archive stay as they are.
    """
    data = found.files.pop(name)
    found.size -= len(data)
    try:
        files = _files(data, MAX_SUBMISSION_BYTES - found.size)
    except _Refused as refused:
        found.problems.append(f"{name!a} was not unpacked: {refused}.")
        return
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        found.problems.append(f"{name!a} was not unpacked: it is damaged ({type(error).__name__}).")
        return
    found.size += sum(map(len, files.values()))
    found.files |= files | found.files


def _files(data: bytes, most: int) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MAX_FILES:
            raise _Refused(f"it holds more than {MAX_FILES} files")
        wanted = [member for member in members if not member.is_dir() and _is_wanted(member)]
        within = _common_folder([member.filename for member in wanted])
        files: dict[str, bytes] = {}
        for member in wanted:
            name = member.filename[len(within) :]
            if name in files:
                raise _Refused(f"it holds {name!a} twice")
            limit = min(most, MAX_NOTEBOOK_BYTES) if name.lower().endswith(".ipynb") else most
            files[name] = _read(archive, member, limit)
            most -= len(files[name])
    return files


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    """Whether to read a member; raises _Refused for one that no honest program packs."""
    parts = member.filename.split("/")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if ".." in parts or "" in parts or "\\" in member.filename:
        raise _Refused(f"the name {member.filename[:80]!a} leads out of its folder")
    if kind not in (0, stat.S_IFREG):
        raise _Refused(f"{member.filename[:80]!a} is a link or no regular file")
    if member.flag_bits & 1:
        raise _Refused("it asks for a password")
    if len(parts) > MAX_DEPTH:
        raise _Refused("its folders are nested too deeply")
    if any(part.startswith(".") or part in _PASSED_OVER for part in parts):
        return False
    if not all(is_plain(part) for part in parts):
        raise _Refused(f"the name {member.filename[:80]!a} is too long or too odd")
    return True


def _common_folder(names: Sequence[str]) -> str:
    """The folder that all names begin with, and its slash; empty if there is none."""
    folder = names[0].partition("/")[0] + "/" if names else ""
    return folder if all(name.startswith(folder) for name in names) else ""


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """A member's bytes; what it says of its own size is not believed."""
    pieces, size = [], 0
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise _Refused(f"{member.filename[:80]!a} is too large when unpacked")
            pieces.append(piece)
    return b"".join(pieces)
