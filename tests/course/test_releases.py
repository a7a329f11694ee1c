"""Every release as a student opens it: a valid document that runs from top to bottom while its exercises are blank."""

import nbformat
import pytest
from cells import ROOT, is_test
from nbclient import NotebookClient

RELEASES = sorted((ROOT / "release").glob("*/*.ipynb"))


def named(path):
    return path.stem


def read(path):
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def test_there_are_seven():
    assert len(RELEASES) == 7


@pytest.mark.parametrize("path", RELEASES, ids=named)
def test_a_release_is_a_document_that_every_front_end_reads(path):
    document = read(path)
    nbformat.validate(document)
    assert (document.nbformat, document.nbformat_minor) >= (4, 5)
    assert document.metadata.kernelspec.name == "python3"
    assert document.metadata.kernelspec.language == "python"
    ids = [cell.id for cell in document.cells]
    assert len(set(ids)) == len(ids)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in document.cells)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", RELEASES, ids=named)
def test_a_blank_release_runs_to_its_end_and_only_its_checks_complain(path, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    document = read(path)
    NotebookClient(
        document, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    for cell in document.cells:
        if cell.cell_type == "code":
            errors = [output.ename for output in cell.outputs if output.output_type == "error"]
            assert not errors or is_test(cell), f"{cell.id}: {errors}"
            assert not any(output.get("name") == "stderr" for output in cell.outputs), cell.id
    checks = [cell for cell in document.cells if is_test(cell)]
    complaining = [cell for cell in checks if any(output.output_type == "error" for output in cell.outputs)]
    assert len(complaining) == len(checks) > 0
