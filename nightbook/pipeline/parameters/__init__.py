"""Parameters of tasks: of the run, hidden ones, and those that are made of texts."""
