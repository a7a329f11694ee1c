"""nbgrader's feedback page, without hidden tests and without anybody's scripts.

    c.GenerateFeedback.exporter_class = "nbjudge.plugin.feedback.FeedbackPage"

What graders see in formgrader is made from the same notebooks and stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback

from nbjudge.errors import NbjudgeError
from nbjudge.grade.ledger import Ledger, ledger_folder
from nbjudge.plugin.clean import clean
from nbjudge.plugin.told import told
from nbjudge.record.receipt import Receipt


class FeedbackPage(HTMLExporter):
    """nbgrader's page, from what the student may see; every word and picture on it is made harmless."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
        """The page. The likely mistake is taken from the receipt, if there is one."""
        where = resources["nbgrader"]
        self.sanitize_html = True
        document = told(nb, where["notebook"], self._receipt(where["assignment"], where["student"]))
        return super().from_notebook_node(document, resources, **kw)

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """nbconvert's filters; those that give HTML give it clean, since nbgrader's template does not ask for that."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "clean_html", clean
        yield "markdown2html", self.clean_markdown

    @jinja2.pass_context
    def clean_markdown(self, context: Any, source: str) -> str:
        """Markdown as harmless HTML."""
        return clean(self.markdown2html(context, source))

    def _receipt(self, assignment: str, student: str) -> Receipt | None:
        if not isinstance(self.parent, GenerateFeedback):
            raise NbjudgeError("FeedbackPage is for feedback only", fix="Set it as c.GenerateFeedback.exporter_class.")
        return Ledger(ledger_folder(Path(self.parent.coursedir.root), assignment)).receipt(student)
