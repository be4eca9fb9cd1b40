"""What of a task of Luigi's own is in the record, written by the process that runs it."""
