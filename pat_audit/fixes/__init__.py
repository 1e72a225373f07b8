"""Writes the fix: chooses a recipe's rewrite, edits the text, and proves the result before a byte is written."""
