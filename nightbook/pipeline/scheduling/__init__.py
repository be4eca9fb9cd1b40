"""Luigi's scheduler and luigid: which task a worker is handed, and for which run."""
