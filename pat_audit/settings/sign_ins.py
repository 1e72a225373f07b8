"""What one setting comes to: a credential and the way that it signs in, an address with a user, a telling fact."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pat_audit.flow.combining import encode, literal, options
from pat_audit.flow.composition import is_basic_header, template, user_part
from pat_audit.flow.holes import has_marker
from pat_audit.flow.observation import Act, Observation
from pat_audit.flow.sending import split_pair
from pat_audit.flow.values import Auth, Site, Source, Text, Value
from pat_audit.settings.filling import value_of
from pat_audit.settings.paths import holds
from pat_audit.tokens.placeholders import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pat_audit.formats.settings import Setting
    from pat_audit.settings.filling import Filling
    from pat_audit.settings.paths import Match, Neighbours
    from pat_audit.vocabulary import KnownSetting

_SCHEME = re.compile(r"\s*(?:authorization\s*:\s*)?(?:basic|bearer)\s", re.IGNORECASE)
_SCHEMES = {"password": "basic", "userinfo": "basic", "token": "token", "header": "header"}
_LONGEST = 4096  # characters of a value that is looked at as a whole


class SignIns:
    """Reads one text's settings. `filling` are its templates, `outer` says where the text stands in its file."""

    def __init__(
        self,
        path: str,
        neighbours: Neighbours,
        filling: Filling,
        is_credential: Callable[[str], bool],
        outer: Callable[[int], int] | None,
    ) -> None:
        self._path = path
        self._neighbours = neighbours
        self._filling = filling
        self._is_credential = is_credential
        self._outer = outer

    def observe(self, setting: Setting, known: Sequence[Match[KnownSetting]]) -> Iterator[Observation]:
        """What a setting comes to; `known` is what its format says of its path, the first that applies counts."""
        row = next((each for each in known if self._applies(each.of, setting)), None)
        if row is not None:
            known_as = replace(row.of, title=row.of.title.replace("{}", row.star)) if "{}" in row.of.title else row.of
            yield from self._known(setting, known_as, row.star)
            return
        text = setting.value
        if not text:
            return
        if self._filling.find(text):
            yield from self._filled(setting, *self.value(setting))
        elif len(text) <= _LONGEST:
            # Most settings of most files are nothing, and get no value.
            header = is_basic_header(text)
            if header or self._is_credential(setting.name):
                yield self._observation("header" if header else "setting", self.value(setting)[0], setting)

    def value(self, setting: Setting) -> tuple[Value, Sequence[Source]]:
        """The value of a setting, and what is filled into it."""
        return value_of(setting, self._filling, self._path, self._outer)

    def _applies(self, row: KnownSetting, setting: Setting) -> bool:
        if row.equals and not holds(setting.value, row.equals):
            return False
        for relative, wanted in row.when.items():
            other = self._neighbours.around(setting.path, relative)
            if other is None or not holds(other.value, wanted):
                return False
        return True

    def _filled(self, setting: Setting, value: Value, sources: Sequence[Source]) -> Iterator[Observation]:
        """A text with values in it that nothing is known of but its key and theirs."""
        shape = template(value) if isinstance(value, Text) else ""
        if shape and user_part(shape) is not None:
            yield self._observation("url", value, setting, site=sources[0].site)
        elif shape and is_basic_header(shape):
            yield self._observation("header", value, setting)
        else:
            named = self._is_credential(setting.name)
            several = len(sources) > 1 and not named  # words of a command line: `$(PAT) $(branch)`
            if isinstance(value, Text) and (several or shape.replace("\0", "").strip("\"' ")):
                for source in sources:  # what else stands there says what it is for
                    if self._is_credential(source.name):
                        yield self._observation("read", source, setting, site=source.site)
                return
            for option in options(value):
                if named or (isinstance(option, Source) and self._is_credential(option.name)):
                    site = option.site if isinstance(option, Source) else None
                    yield self._observation("setting", option, setting, site=site)

    def _known(self, setting: Setting, row: KnownSetting, star: str) -> Iterator[Observation]:
        if row.role == "nothing":
            return
        if row.role == "fact":
            yield self._observation("setting", None, setting, row)
            return
        value, sources = self.value(setting)
        if row.role == "declared":
            if is_placeholder(setting.value) and self._is_credential(setting.name):
                value = Source(row.origin or "option", setting.name, self._site(setting))
                yield self._observation("setting", value, setting, row)
            return
        if row.role == "url":
            if sources and isinstance(value, Text) and user_part(template(value)) is not None:
                yield self._observation("url", value, setting, row, site=sources[0].site)
            return
        if row.role == "reference":
            if not sources:
                value = Source(row.origin or "secret-store", setting.value, self._site(setting))
        elif not setting.value:
            return
        shape = template(value) if isinstance(value, Text) else ""
        if is_basic_header(shape):
            yield self._observation("header", value, setting, row)
            return
        if _SCHEME.match(shape):  # with a token, or with words for people
            return
        if not row.means and has_marker(setting.value):
            row = replace(row, means="put-in")  # by the program whose text this is
        if row.encoded:
            value = self._decoded(value, setting)
        beside = self._beside(setting, row, star)
        user, password, token = beside.get("user"), None, None
        if row.role == "userinfo":
            user, password = split_pair(value)
        elif row.role == "password":
            password = value
        else:
            token = value
        scheme = row.scheme or _SCHEMES.get(row.role, "unknown")
        title = row.title or setting.name
        auth = Auth(scheme, user, password, token, self._site(setting), title, row.service, row.credential)
        yield self._observation("setting", auth, setting, row, url=beside.get("url"))

    def _beside(self, setting: Setting, row: KnownSetting, star: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        if row.address:
            found["url"] = Text((row.address.replace("{}", star),), self._site(setting))
        for role, places in row.beside.items():
            for relative in places:
                other = self._neighbours.beside(setting.path, relative, star)
                if other is not None and role not in found:
                    found[role] = self.value(other)[0]
        return found

    def _decoded(self, value: Value, setting: Setting) -> Value:
        content = literal(value)
        if content is None:
            return encode("base64", value, self._site(setting))
        try:
            text = base64.b64decode(content.strip() + "==").decode()
        except (ValueError, binascii.Error):
            return value
        return encode("base64", Text((text,), self._site(setting)), self._site(setting))

    def _site(self, setting: Setting) -> Site:
        start, end = setting.start, setting.end
        return Site(self._path, *((start, end) if self._outer is None else (self._outer(start), self._outer(end))))

    def _observation(
        self,
        act: Act,
        value: Value | None,
        setting: Setting,
        row: KnownSetting | None = None,
        *,
        url: Value | None = None,
        site: Site | None = None,
    ) -> Observation:
        title = (row.title if row is not None else "") or setting.name
        service = row.service if row is not None else ""
        credential = row.credential if row is not None else ""
        return Observation(
            act, site or self._site(setting), value, 0, url, title, service, credential, setting=row
        )  # fmt: skip
