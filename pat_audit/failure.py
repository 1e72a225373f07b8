"""Says why a run failed: on standard error, without a secret, and so that it commands neither terminal nor runner."""

from __future__ import annotations

import sys


def say(why: object) -> None:
    """Print `pat-audit: ` and why.

    What failed may quote a configuration, a rules folder or a name of what is scanned.
    """
    from pat_audit.catalogue import CatalogueError, load_catalogue
    from pat_audit.report.masking import mask_for
    from pat_audit.report.neutral import neutral

    lines = f"pat-audit: {why}".split("\n")
    try:
        mask = mask_for(load_catalogue(plugins=False))
    except CatalogueError as broken:  # our own rules, which say what a secret looks like and hold none
        lines, mask = f"pat-audit: {broken}".split("\n"), str
    for line in lines:
        print(neutral(mask(line)), file=sys.stderr)
