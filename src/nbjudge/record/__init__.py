"""What is kept of a grade: receipts, nbgrader's gradebook, feedback, reports."""
