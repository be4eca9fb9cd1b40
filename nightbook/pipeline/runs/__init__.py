"""One invocation from its plan to its end, also by Luigi's own command, and what of a run is stale."""
