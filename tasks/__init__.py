"""YOURS: the pipeline as Luigi tasks."""

from nightbook import old_names

old_names.install()  # removable, with its import, once `nightbook migrate --check` finds nothing
