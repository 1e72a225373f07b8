"""Makefiles: variables, and recipes as the shell gets them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

TEXT = """\
# note
X := a b # note
export PAT ?= $(shell cat x)
long = a \\
    b \\
  c
define block
one $$x
two
endef
.PHONY: all
all: b c | d
\t@curl -u :$$PAT \\
\t  https://h/$(X) # sent

\t-echo $$$$
ifdef Y
\techo y
else ifeq ($(A),b)
z: ; @echo hi
\techo z
endif
all: TOKEN = abc
%.o: %.c
    # note
\tcc $< -o $@
A::
\techo 'a:=b'
"""


def test_variables_and_recipes() -> None:
    assert values_of("makefile", TEXT) == [
        ("X", "a b"), ("PAT", "$(shell cat x)"), ("long", "a b c"), ("block", "one $x\ntwo"),
        ("recipe", "all", "curl -u :$PAT \\\n  https://h/$(X) # sent\necho $$\necho y"),
        ("recipe", "z", "echo hi\necho z"),
        ("TOKEN", "abc"), ("recipe", "%.o", "cc $< -o $@"), ("recipe", "A", "echo 'a:=b'"),
    ]  # fmt: skip


def test_every_word_stands_where_the_place_says() -> None:
    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        data = text.encode()
        for setting in settings_of("makefile", data):
            for word in setting.value.replace("$", " ").split():
                assert written(setting, data, word), (setting.path, word)


@given(lines=st.lists(st.text(st.sampled_from("ab é'\"$(:=#;"), max_size=10), min_size=1, max_size=4))
def test_a_recipe_is_its_lines(lines: list[str]) -> None:
    lines = ["x" + line for line in lines]
    text = "all:\n" + "".join(f"\t{line}\n" for line in lines)
    assert values_of("makefile", text) == [("recipe", "all", "\n".join(lines).replace("$$", "$"))]
