"""Recognises tokens in any text by their shape and their checksum."""
