"""`python -m pat_audit`."""

from pat_audit.cli import main

if __name__ == "__main__":
    main()
