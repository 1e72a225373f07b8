"""pat-audit: how does this code sign in, does that still work, and what should it be instead."""

__version__ = "0.1.0"
