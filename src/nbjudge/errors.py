"""The one base class of everything nbjudge says to a person instead of raising at them."""


class NbjudgeError(Exception):
    """A problem that a person can mend: what is wrong, where, and what to do next.

    The command line prints it as one line and exits with status 2.
    """

    def __init__(self, what: str, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(what, where, fix)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what.rstrip('.')}." + (f" {self.fix}" if self.fix else "")


class CourseError(NbjudgeError):
    """The course folder or a master notebook is not as nbgrader and nbjudge need it."""


class SubmissionError(NbjudgeError):
    """A submission, or a folder of them, cannot be read."""


class SandboxError(NbjudgeError):
    """The isolation that grading needs cannot be had on this machine."""


class GradebookError(NbjudgeError):
    """nbgrader's gradebook refuses what is to be recorded."""
