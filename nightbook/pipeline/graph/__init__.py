"""The tasks of a run: found from its root, ordered, and declared as the record has them."""
