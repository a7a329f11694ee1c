"""What crosses between the judge and the student's process: requests and staff's objects out, plain data back."""
