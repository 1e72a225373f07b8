"""Fuzz targets, what drives them, and the tests that a short run of them is."""
