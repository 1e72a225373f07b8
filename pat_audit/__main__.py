"""`python -m pat_audit`."""

import os
import sys

# Python looks in the working directory, which is what is scanned, before all other places that it imports from. No
# module may come from there, unless pat-audit itself does.
if sys.path[:1] == [os.getcwd()] and not os.path.samefile(os.path.dirname(os.path.dirname(__file__)), "."):  # noqa: PTH109, PTH120, PTH121
    del sys.path[0]

from pat_audit.cli import main

if __name__ == "__main__":
    main()
