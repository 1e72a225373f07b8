"""Shell text as simple commands, for texts that need no more than that."""

from __future__ import annotations

from pat_audit.flow.combining import concatenate
from pat_audit.flow.values import Text, Value

MAX_WORDS = 400


def split(value: Text) -> list[tuple[list[Value], bool]]:
    """Shell text as simple commands: each one's words, and whether the one before is piped into it."""
    commands: list[tuple[list[Value], bool]] = []
    words: list[Value] = []
    word: list[Value] = []
    started = False
    quote = ""
    piped = False

    def end_word() -> None:
        nonlocal started
        if started or word:
            words.append(concatenate(word, value.site))
            word.clear()
            started = False

    def end_command(mark: str) -> None:
        nonlocal piped
        end_word()
        if words:
            commands.append((words[:MAX_WORDS], piped))
        piped = mark == "|"
        words.clear()

    for part in value.parts:
        if not isinstance(part, str):
            word.append(part)
            continue
        run_ = ""
        index = 0
        while index < len(part):
            character = part[index]
            index += 1
            if quote:
                if character == quote:
                    quote = ""
                elif character == "\\" and quote == '"' and index < len(part):
                    run_ += part[index]
                    index += 1
                else:
                    run_ += character
                continue
            if character in "'\"":
                quote = character
                started = True
            elif character == "\\" and index < len(part):
                run_ += "" if part[index] == "\n" else part[index]
                index += 1
            elif character in " \t\r" or character in "\n;|&><":
                if run_:
                    word.append(Text((run_,)))
                    run_ = ""
                if character in " \t\r":
                    end_word()
                elif character in "><":
                    end_word()
                    words.append(Text((character,)))
                else:
                    end_command(character if not part.startswith("|", index) else "")
            else:
                run_ += character
        if run_:
            word.append(Text((run_,)))
    end_command("")
    return commands
