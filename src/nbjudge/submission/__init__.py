"""What students send: collected, read, and put back into the release, however damaged it is."""
