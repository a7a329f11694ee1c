"""JupyterLab in a browser: what a student does there."""

from visitor import Visitor

DRAWN = """plot => ({
  lines: Array.from(plot.querySelectorAll('.scatterlayer path.js-line'), path => path.getAttribute('d').length),
  axes: plot.querySelectorAll('.xtick, .ytick').length,
  title: plot.querySelector('.gtitle').textContent,
  height: plot.getBoundingClientRect().height,
})"""
STATUS = ".jp-NotebookPanel .jp-Notebook-ExecutionIndicator"


class Lab(Visitor):
    """Somebody in their own JupyterLab, which is started if it isn't running."""

    def __init__(self, browser, hub, name):
        super().__init__(browser, hub, name, "/hub/spawn")
        self.page.wait_for_selector(".jp-DirListing")

    def leave(self):
        """Close the tab; the server goes on."""
        self.page.close()
        self.page = self.context.new_page()

    # The list of assignments:

    def assignments(self):
        """Open the list."""
        self._menu("Nbgrader", "Assignment List")
        self.page.wait_for_selector("#fetched_assignments_list_loading", state="hidden")

    def fetch(self, assignment):
        self._item("released", assignment).locator("button:text-is('Fetch')").click()
        self._item("fetched", assignment).wait_for()

    def submit(self, assignment):
        button = self._item("fetched", assignment).locator("button:text-is('Submit')")
        said = self.answered("POST", "/assignments/submit", button.click)
        assert said["success"], said
        self._item("submitted", assignment).wait_for()

    def fetch_feedback(self, assignment):
        self._item("submitted", assignment).locator("button:text-is('Fetch Feedback')").click()
        self.page.wait_for_selector("#submitted_assignments_list :text('View Feedback')")

    # A notebook:

    def open(self, path):
        self.page.goto(f"{self.prefix}/lab/tree/{path}")
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        self._until("idle")

    def write(self, beginning, source):
        """Replace the code cell that has this text."""
        cell = self.page.locator(f".jp-CodeCell:has-text('{beginning}')").first
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self._type(source)

    def answer(self, placeholder, words):
        """Replace the text cell that has this text."""
        cell = self.page.locator(f".jp-MarkdownCell:has-text('{placeholder}')").last
        cell.scroll_into_view_if_needed()
        cell.locator(".jp-RenderedMarkdown").dblclick()
        cell.locator(".cm-content").click()
        self._type(words)
        self.page.keyboard.press("Shift+Enter")

    def run_all(self):
        self._menu("Run", "Run All Cells")
        self._until("busy")
        self._until("idle")

    def save(self):
        self.answered("PUT", "/api/contents/", lambda: self.page.keyboard.press("Control+s"))

    def validate(self, picture):
        """The text of the dialog that the Validate button opens; it is closed again."""
        self.page.click(".jp-NotebookPanel-toolbar :is(button,jp-button):has-text('Validate')")
        dialog = self.page.locator(".jp-Dialog")
        dialog.locator(":text('Validation Results')").wait_for()
        text = dialog.inner_text()
        self.picture(picture)
        self.page.click(".jp-Dialog-button")
        return text

    def figure(self, title):
        """Bring a plot into view; what is drawn in it."""
        plot = self.page.locator(f".js-plotly-plot:has-text('{title}')")
        plot.scroll_into_view_if_needed()
        plot.locator(".scatterlayer path.js-line").first.wait_for()
        self.page.wait_for_timeout(1000)
        return plot.evaluate(DRAWN)

    # A terminal:

    def terminal(self, line):
        """Open one, with nothing else, and type a line."""
        self.page.goto(f"{self.prefix}/lab?reset")
        self.page.wait_for_selector(".jp-DirListing")
        self._menu("File", "New", "Terminal")
        self.page.wait_for_selector(".xterm-screen")
        self.page.wait_for_timeout(1500)
        self.page.click(".xterm-screen")
        self.page.keyboard.type(f"{line}\n")

    def _menu(self, *labels):
        self.page.click(f".lm-MenuBar-itemLabel:text-is('{labels[0]}')")
        for label in labels[1:]:
            self.page.click(f".lm-Menu-itemLabel:text-is('{label}')")

    def _item(self, which, assignment):
        return self.page.locator(f"#{which}_assignments_list .list_item:has-text('{assignment}')").first

    def _type(self, text):
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def _until(self, status):
        self.page.wait_for_selector(f"{STATUS}[data-status={status}]")
