"""How fast pat-audit is beside other programs, measured in turns on the same machine in the same run."""
