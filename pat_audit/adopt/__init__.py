"""Puts pat-audit into a repository: its hook, its pipeline and its settings, by edits that keep what is there."""
