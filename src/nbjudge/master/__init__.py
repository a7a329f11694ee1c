"""What instructors write: the course, its masters in nbgrader's format, and what their cells say."""
