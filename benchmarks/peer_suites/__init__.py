"""What pat-audit finds of the cases that other scanners test themselves with; `python -m benchmarks.peer_suites`."""
