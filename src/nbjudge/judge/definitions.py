"""Which side a cell's names mean once it has run, and staff's definitions made again on the judge's side."""

from __future__ import annotations

import ast

from nbjudge.judge.namespace import Namespace
from nbjudge.master.bindings import bound_names, imports, is_definition, parse
from nbjudge.master.notebook import Cell, Notebook, Role
from nbjudge.submission.repair import Step


class Definitions:
    """Takes the definitions of a master's cells in their order, each once, whatever became of their copies.

    Only the master's own text is ever run here: a submission's copy of a released cell is the student's.
    """

    def __init__(self, master: Notebook, namespace: Namespace) -> None:
        self._master, self._namespace = master, namespace
        self._taken = 0

    def take_before(self, cell: Cell) -> None:
        """Those of the cells before this one of the master's."""
        self._take_upto(cell.index)

    def take_with(self, step: Step) -> None:
        """Those up to and with the cell that a step stands for; a cell of the student's own stands for none."""
        for cell in self._master.cells:
            if (step.grade_id and cell.grade_id == step.grade_id) or (not step.grade_id and cell.id == step.cell.id):
                self._take_upto(cell.index + 1)
                return

    def _take_upto(self, end: int) -> None:
        for cell in self._master.cells[self._taken : end]:
            if cell.role is not Role.TEST:
                take_definitions(cell, self._namespace)
        self._taken = max(self._taken, end)


def take_definitions(cell: Cell, namespace: Namespace) -> None:
    """After a student's cell has run: which side its names mean from now on.

    What staff wrote in a released cell is defined again on the judge's side, as far as it is imports,
    functions, classes and constants; an answer cell's names are the student's, its imports the judge's.
    """
    tree = parse(cell.source) if cell.kind == "code" else None
    if tree is None:
        return
    answer = cell.role in (Role.ANSWER, Role.MANUAL)
    known = {name for name in dict.keys(namespace) if name not in namespace.owned}
    for statement in tree.body:
        bound = bound_names([statement])
        definition = bool(imports([statement])) if answer else is_definition(statement, known)
        if definition and _define(statement, namespace):
            known |= bound
        elif definition and isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            # It needs a value of the submission's that isn't there: the submission's copy is no substitute.
            namespace.reserved |= bound
        else:
            namespace.own(bound, computed=not answer)
            known -= bound


def _define(statement: ast.stmt, namespace: Namespace) -> bool:
    """Run a definition on the judge's side; False when it needs something that only the student's has."""
    namespace.disown(bound_names([statement]))
    try:
        exec(compile(ast.Module([statement], []), "<released cell>", "exec"), namespace)
    except BaseException:  # a decorator or a default may call the submission: its end is not the judge's
        return False
    if isinstance(statement, ast.ClassDef):
        made = dict.__getitem__(namespace, statement.name)
        namespace.student.classes[id(made)] = made, statement.name
    return True
