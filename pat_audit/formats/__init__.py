"""Readers of configuration files: each gives one file's settings with where they stand; none knows a rule."""
