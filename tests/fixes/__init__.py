"""Fixes: exact texts before and after, in each language."""
