"""From a master to what students get: the gate that it has to pass, the release, the solution."""
