"""Mutation testing: which small changes of a module do no test of it see."""
