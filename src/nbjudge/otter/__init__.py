"""The same masters for Otter: student version, tests, autograder, and the proof that all graders agree."""
