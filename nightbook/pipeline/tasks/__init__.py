"""The classes of tasks that a pipeline is made of, and what each task of Luigi's has beside them."""
