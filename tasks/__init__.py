"""YOURS: the pipeline as Luigi tasks."""
