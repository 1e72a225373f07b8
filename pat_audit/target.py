"""What a command looks at: the files that its paths stand for, and the look that tells which of them matter."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pat_audit.discover import Listing, discover
from pat_audit.languages.known import NAMELESS
from pat_audit.prefilter import Prefilter
from pat_audit.trees import plant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pat_audit.catalogue import Catalogue
    from pat_audit.config import Config
    from pat_audit.trees import DiskTree


class Target:
    """Paths (files and directories; none: the working directory), and how they are looked at.

    The files are listed, and the prefilter is made, once and when somebody first asks: a scan and the scans that
    prove its fixes share them. `listed` is as in `discover`.
    """

    def __init__(
        self,
        paths: Sequence[str],
        config: Config,
        catalogue: Catalogue,
        listed: Callable[[], bytes | None] | None = None,
    ) -> None:
        self.paths = tuple(paths)
        self.config = config
        self.catalogue = catalogue
        self._listed = listed
        self._prefilter: Prefilter | None = None

    @cached_property
    def listing(self) -> Listing:
        """The files on disk; none where only standard input was given."""
        on_disk = [path for path in self.paths if path != NAMELESS]
        if self.paths and not on_disk:
            return Listing()
        return discover(on_disk, self.config.exclude, self.config.force_exclude, self._listed)

    @cached_property
    def trees(self) -> list[DiskTree]:
        """The trees that the files on disk stand in."""
        return plant(self.listing) if self.listing.paths else []

    def prefilter(self, size: int | None) -> Prefilter:
        """The one prefilter, made for a run over that many bytes where it is not made yet; None: very many."""
        if self._prefilter is None:
            self._prefilter = Prefilter(self.catalogue, size, cache=self.config.cache)
        return self._prefilter
