"""Markdown: code in fences, wherever they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from reading import settings_of, values_of, written

TEXT = """\
# title
```bash
curl a
```
- item
  ```YAML title="x"
  a: b
   c

  ```
1. ```python
   x
   ```
> ~~~ {.sh .numberLines}
> q
>   r
> ~~~
> ``` js
> s
t
~~~~
```
u
~~~~
`code`, not a fence: ```x```
::: mermaid
graph
:::
````md
```sh
v
"""


def test_blocks_of_code_with_their_language() -> None:
    assert values_of("markdown", TEXT) == [
        ("fence", "bash", "curl a\n"), ("fence", "yaml", "a: b\n c\n\n"), ("fence", "python", "x\n"),
        ("fence", "sh", "q\n  r\n"), ("fence", "js", "s\n"), ("fence", "", "```\nu\n"), ("fence", "mermaid", "graph\n"),
        ("fence", "md", "```sh\nv\n"),
    ]  # fmt: skip


def test_every_word_stands_where_the_place_says() -> None:
    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        data = text.encode()
        for setting in settings_of("markdown", data):
            assert all(written(setting, data, word) for word in setting.value.split())


@given(
    lines=st.lists(st.text(st.sampled_from("ab é'\"$>#-"), max_size=10), max_size=4),
    indent=st.sampled_from(["", "  ", "> ", "> > "]),
    closed=st.booleans(),
)
def test_a_block_is_its_lines_whatever_it_stands_in(lines: list[str], indent: str, closed: bool) -> None:
    lines = ["x" + line for line in lines]
    body = ["text", f"{indent}```sh", *(indent + line for line in lines), *([f"{indent}```"] if closed else [])]
    [setting] = settings_of("markdown", "\n".join(body))
    assert setting.value == "".join(line + "\n" for line in lines)
