"""The command line: what can be asked for, and nothing else; commands import what they need."""

from __future__ import annotations

from typing import Any

import click

from pat_audit import __version__
from pat_audit.config import OUTPUT_FORMATS

ADOPTED = ("pre-commit", "github", "azure", "gitlab", "config")
"""What `init` takes; `adopt.parts` says what it does for each."""

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _words(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """`--select A,B --select C` as (A, B, C)."""
    return tuple(word.strip() for each in value for word in each.split(",") if word.strip())


def _reports(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """`--also sarif=a.sarif` as (("sarif", "a.sarif"),)."""
    reports = []
    for each in value:
        name, _, file = each.partition("=")
        if name not in OUTPUT_FORMATS or not file:
            raise click.BadParameter(f"expected FORMAT=FILE, with a format of {', '.join(OUTPUT_FORMATS)}")
        reports.append((name, file))
    return tuple(reports)


def _rule_words(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Rule ids and names for shell completion."""
    from pat_audit.catalogue import CatalogueError, load_catalogue

    try:
        names = load_catalogue().rule_names
    except CatalogueError:
        return []
    return [word for word in (*names, *names.values()) if word.startswith(incomplete)]


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="pat-audit", message="%(prog)s %(version)s")
def main() -> None:
    """Find personal access tokens, hand-built Basic headers and Basic auth where only OAuth works.

    Every finding says how the credential got there and what to use instead.
    """
    import atexit
    import gc

    # A run makes much that lives as long as it does; collecting at Python's own pace took a third of the time.
    gc.set_threshold(1_000_000, 50, 100)
    # Nor is anything left to collect at the end, where looking for it made a hook on one file a sixth slower.
    atexit.register(gc.freeze)


@main.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--fix", is_flag=True, help="Write the fixes that are safe; with --unsafe-fixes, the others too.")
@click.option("--unsafe-fixes", is_flag=True, help="Count fixes that change where a credential comes from.")
@click.option("--diff", "show_diff", is_flag=True, help="Show what --fix would write, and write nothing.")
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    callback=_words,
    shell_complete=_rule_words,
    help="Report only these rules (ids or names, separated by commas).",
)
@click.option(
    "--extend-select",
    multiple=True,
    metavar="RULES",
    callback=_words,
    shell_complete=_rule_words,
    help="Report these rules too.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULES",
    callback=_words,
    shell_complete=_rule_words,
    help="Do not report these rules.",
)
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out what matches (gitignore syntax).")
@click.option("--force-exclude", is_flag=True, help="Leave excluded files out even when they are named.")
@click.option("--rules", multiple=True, metavar="DIR", help="A further folder of rules.")
@click.option("--output-format", type=click.Choice(OUTPUT_FORMATS), help="How to report.  [default: text]")
@click.option("--output-file", metavar="FILE", help="Write the report there instead of to standard output.")
@click.option(
    "--also", multiple=True, metavar="FORMAT=FILE", callback=_reports, help="Write a report of this format there, too."
)
@click.option("--show-suppressed", is_flag=True, help="Report what comments suppress, too.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    help="Exit with 1 from this severity on.  [default: warning]",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option(
    "--baseline",
    is_flag=False,
    flag_value=".pat-audit-baseline",
    metavar="[FILE]",
    help="Leave out what this baseline knows.  [without FILE: .pat-audit-baseline]",
)
@click.option("--staged", is_flag=True, help="Look at what is staged for the next commit, as it is in git's index.")
@click.option(
    "--changed-since",
    metavar="REV",
    help="Report what lies, or leads over, lines that are changed since this revision.",
)
@click.option("--config", metavar="FILE", help="Read this configuration and look for no other.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write caches.")
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes to use at the most.")
@click.option("--stdin-filename", metavar="NAME", help="What the text on standard input (`-`) is called.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours.")
@click.option("--quiet", "-q", is_flag=True, help="Print findings and problems only.")
@click.option("--verbose", "-v", is_flag=True, help="Say of each finding why it matters.")
def check(**asked: Any) -> None:
    """Scan files and directories (by default the working directory); `-` is standard input.

    Exits with 0 when nothing is found, 1 when something is, and 2 when the run failed.
    """
    from pat_audit.check_run import check_run

    raise SystemExit(check_run(**asked))


@main.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--baseline", "file", metavar="FILE", help="The file to write.  [default: .pat-audit-baseline]")
@click.option("--prune", is_flag=True, help="Take out entries that nothing needs any more, and add none.")
@click.option("--reason", default="", metavar="TEXT", help="Why what is new may stay for now.")
@click.option("--owner", default="", metavar="NAME", help="Who is to mend what is new.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="When what is new must be gone.", metavar="YYYY-MM-DD")
@click.option(
    "--select", multiple=True, metavar="RULES", callback=_words, shell_complete=_rule_words, help="Only these rules."
)
@click.option(
    "--ignore", multiple=True, metavar="RULES", callback=_words, shell_complete=_rule_words, help="Not these rules."
)
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out what matches (gitignore syntax).")
@click.option("--rules", multiple=True, metavar="DIR", help="A further folder of rules.")
@click.option("--config", metavar="FILE", help="Read this configuration and look for no other.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write caches.")
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes to use at the most.")
def baseline(due: Any, **asked: Any) -> None:
    """Write down all that is found now as known, so that `check --baseline` reports what is new.

    The file has one line for each finding and no secret. Reason, owner and due date can also be written at the end
    of a line by hand. Exits with 0, and with 2 when the run failed.
    """
    from pat_audit.baseline_run import baseline_run

    raise SystemExit(baseline_run(due=due.date() if due is not None else None, **asked))


@main.command()
@click.argument("repository", default=".", metavar="[REPOSITORY]")
@click.option(
    "--select", multiple=True, metavar="RULES", callback=_words, shell_complete=_rule_words, help="Only these rules."
)
@click.option(
    "--ignore", multiple=True, metavar="RULES", callback=_words, shell_complete=_rule_words, help="Not these rules."
)
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out paths that match (gitignore syntax).")
@click.option("--rules", multiple=True, metavar="DIR", help="A further folder of rules.")
@click.option("--output-format", type=click.Choice(OUTPUT_FORMATS), help="How to report.  [default: text]")
@click.option("--output-file", metavar="FILE", help="Write the report there instead of to standard output.")
@click.option("--show-suppressed", is_flag=True, help="Report what comments suppress, too.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    help="Exit with 1 from this severity on.  [default: warning]",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--config", metavar="FILE", help="Read this configuration and look for no other.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@click.option("--no-cache", is_flag=True, help="Begin anew, and keep nothing for the next run.")
@click.option("--jobs", type=click.IntRange(1, 1024), metavar="N", help="Processes to use at the most.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours.")
@click.option("--quiet", "-q", is_flag=True, help="Print findings and problems only.")
@click.option("--verbose", "-v", is_flag=True, help="Say of each finding why it matters.")
def history(**asked: Any) -> None:
    """Look through all that a git repository has ever held for tokens and credentials in URLs.

    Says of each since which commit it is there, and whether it still is. A run that was stopped goes on where it
    ended, and a later one looks at what is new. Exits with 0 when nothing is found, 1 when something is, and 2 when
    the run failed.
    """
    from pat_audit.history_run import history_run

    raise SystemExit(history_run(**asked))


@main.command()
@click.argument("rule", shell_complete=_rule_words)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="How to print it.",
    show_default=True,
)
@click.option("--rules", multiple=True, metavar="DIR", help="A further folder of rules.")
def explain(rule: str, format_: str, rules: tuple[str, ...]) -> None:
    """Explain a rule, by id or name: what it reports, why, and what to write instead."""
    from pat_audit.rule_commands import explain_rule

    raise SystemExit(explain_rule(rule, format_, rules))


@main.command()
@click.argument("parts", nargs=-1, metavar="[PART]...", type=click.Choice(ADOPTED))
@click.option("--source", metavar="SOURCE", help="ADDRESS@REVISION in git, or what pip installs.  [default: as here]")
@click.option("--yes", "-y", is_flag=True, help="Write without asking.")
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours.")
def init(parts: tuple[str, ...], **asked: Any) -> None:
    """Set a repository up to run pat-audit: its hook, its pipeline, its settings.

    PART is pre-commit, github, azure, gitlab or config; by default what the repository uses. Every change is
    shown first. Exits with 0 when all is there, 1 when something is left to do, and 2 when it failed.
    """
    from pat_audit.adopt.command import initialise

    raise SystemExit(initialise(parts, **asked))


@main.group("rules")
def rules_group() -> None:
    """List the rules, write their pages, or check a folder of your own."""


@rules_group.command("list")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print them.",
    show_default=True,
)
@click.option("--rules", multiple=True, metavar="DIR", help="A further folder of rules.")
def list_(format_: str, rules: tuple[str, ...]) -> None:
    """List every rule with its category and usual severity."""
    from pat_audit.rule_commands import list_rules

    raise SystemExit(list_rules(format_, rules))


@rules_group.command("check")
@click.argument("folder", required=False, metavar="[DIR]")
def check_folder(folder: str | None) -> None:
    """Check a rules folder (by default the built-in one): keys, references, patterns and every example.

    Exits with 0 when all is well and 1 when something must be mended.
    """
    from pat_audit.rule_commands import check_rules_folder

    raise SystemExit(check_rules_folder(folder))


@rules_group.command("docs")
@click.argument("folder", metavar="DIR")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a page is not up to date.")
@click.option("--rules", multiple=True, metavar="DIR", help="A further folder of rules.")
def docs(folder: str, check: bool, rules: tuple[str, ...]) -> None:
    """Write a page in Markdown for each rule into a folder, and one that lists them."""
    from pat_audit.rule_commands import write_rule_pages

    raise SystemExit(write_rule_pages(folder, check, rules))
