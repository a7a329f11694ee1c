"""formgrader in a browser: what an instructor and a grader do there."""

from visitor import Visitor


class Formgrader(Visitor):
    """Somebody of the staff, at the list of assignments. The buttons' answers have to say that they worked."""

    def __init__(self, browser, hub, name):
        super().__init__(browser, hub, name, "/services/descent/formgrader")

    def assignments(self, assignment):
        """Show the list of assignments."""
        self.page.goto(self.hub.formgrader)
        self._row(assignment).wait_for()

    def submissions(self, assignment, student):
        """Show the list of who handed in."""
        self.page.goto(f"{self.hub.formgrader}/manage_submissions/{assignment}")
        self._row(student).wait_for()

    def press(self, row, column, picture=None):
        """Press a row's button, and read and close the dialog that tells how it went."""
        said = self.answered("POST", "formgrader/api/", self._row(row).locator(f"td.{column} a").click)
        self.page.wait_for_selector(".modal.in .modal-footer button")
        if picture:
            self.picture(picture)
        assert said["success"], said
        self.page.wait_for_timeout(500)
        self.page.click(".modal.in .modal-footer button")
        self.page.wait_for_selector(".modal.in", state="detached")

    def open_submission(self, assignment, student, picture):
        """Show what a student handed in, from the list of anonymous submissions."""
        listing = f"{self.hub.formgrader}/gradebook/{assignment}/{assignment}"
        rows = self.answered("GET", "api/submitted_notebooks", lambda: self.page.goto(listing))
        self.page.wait_for_selector("#main-table tr a")
        self.picture(picture)
        (submission,) = [row["id"] for row in rows if row["student"] == student]
        self.page.goto(f"{self.hub.formgrader}/submissions/{submission}")

    def give(self, question, points, comment):
        """Points and a comment for a written answer; what the server says it has recorded."""
        score = self.page.locator(f"input#{question}.score")
        score.scroll_into_view_if_needed()
        recorded = self.answered("PUT", "api/grade/", lambda: self._fill(score, str(points)))
        words = self.page.locator(f"textarea#{question}-comment")
        said = self.answered("PUT", "api/comment/", lambda: self._fill(words, comment))
        return recorded["manual_score"], said["manual_comment"]

    def _fill(self, field, text):
        field.fill(text)
        field.press("Tab")

    def _row(self, text):
        return self.page.locator(f"#main-table tr:has-text('{text}')")
