"""Properties of whole runs, over programs that are put together from the examples in rules/."""
