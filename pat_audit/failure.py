"""Says why a run failed: on standard error, without a secret, and so that it commands neither terminal nor runner."""

from __future__ import annotations

import sys


def say(why: object) -> None:
    """Print `pat-audit: ` and why.

    What failed may quote a configuration, a rules folder or a name of what is scanned.
    """
    from pat_audit.catalogue import load_catalogue
    from pat_audit.report.masking import mask_for
    from pat_audit.report.neutral import neutral

    mask = mask_for(load_catalogue(plugins=False))
    for line in f"pat-audit: {why}".split("\n"):
        print(neutral(mask(line)), file=sys.stderr)
