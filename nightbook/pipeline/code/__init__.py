"""The code of a pipeline: loading it, and telling which of it makes a result."""
