"""Luigi's worker: it runs each attempt in a process, and reports each end once."""
