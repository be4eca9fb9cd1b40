"""What is said before a run: what cannot work, or changes nothing."""
