"""Plans the change for each sign-in that findings are about: which rewrite fits, and what it replaces."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pat_audit.advice import is_of
from pat_audit.facts import kind_of_file
from pat_audit.fixes import arguments, commands, configuration, entries, headers, signed_in, written
from pat_audit.fixes.change import CannotChange, Change, Replacement
from pat_audit.fixes.configuration import CONFIGURATION
from pat_audit.fixes.destinations import is_own_server
from pat_audit.fixes.filling import fill
from pat_audit.fixes.go_surroundings import surroundings
from pat_audit.fixes.program_tree import is_unreadable
from pat_audit.fixes.waiting import waits
from pat_audit.flow import ir
from pat_audit.model import Severity
from pat_audit.template_text import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pat_audit.catalogue import Catalogue
    from pat_audit.fixes.file_text import FileText
    from pat_audit.fixes.texts import Texts
    from pat_audit.model import Finding, Location, Use
    from pat_audit.vocabulary import Recipe, Rewrite

    Replacements = dict[str, list[Replacement]]


def plan(
    findings: Iterable[Finding], catalogue: Catalogue, files: Texts, *, safe_only: bool = False
) -> tuple[list[Change], dict[Location, str]]:
    """A change for each sign-in that can be rewritten, and for each other one why it is left to a person.

    `files` are those of the run. `safe_only`: of safe recipes only.
    """
    groups: dict[Location, list[Finding]] = {}
    open_ = [finding for finding in findings if finding.use is not None and finding.suppressed is None]
    siblings = _known_in_file(open_)
    for finding in open_:
        use = finding.use
        if use is not None:
            if not use.recipes and finding.service is None:
                finding = replace(finding, use=replace(use, recipes=siblings.get((finding.path, finding.rule), ())))
            groups.setdefault(use.made, []).append(finding)
    changes: list[Change] = []
    refused: dict[Location, str] = {}
    for made, members in groups.items():
        try:
            change = _change(members, catalogue, files, safe_only)
            changes.append(_with_others(change, catalogue, files, safe_only))
        except CannotChange as reason:
            refused[made] = str(reason)
        except (OSError, ir.Unreadable, RecursionError):
            refused[made] = "the file cannot be read as a program"
    return changes, refused


def _known_in_file(findings: Iterable[Finding]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The recipes of the findings of a file and rule, where all of whose service is known sign in to the same."""
    recipes: dict[tuple[str, str], tuple[str, ...]] = {}
    services: dict[tuple[str, str], set[str]] = {}
    for finding in findings:
        if finding.service is not None and finding.use is not None and finding.use.recipes:
            key = (finding.path, finding.rule)
            services.setdefault(key, set()).add(finding.service)
            recipes.setdefault(key, finding.use.recipes)
    return {key: each for key, each in recipes.items() if len(services[key]) == 1}


def _change(findings: list[Finding], catalogue: Catalogue, files: Texts, safe_only: bool) -> Change:
    reason = CannotChange("no recipe writes this")
    advised = [id for finding in findings if finding.use is not None for id in finding.use.recipes]
    if any(catalogue.recipe_by_id[id].alone for id in advised if id in catalogue.recipe_by_id):
        raise CannotChange("a person must decide who signs in here")
    acts = {finding.use.act for finding in findings if finding.use is not None}
    if acts & _SIGNS_IN and is_own_server(findings, catalogue):
        raise CannotChange("it signs in to a server of one's own, which takes no token of Microsoft Entra ID")
    for finding in findings:
        for use in (finding.use, finding.spare):
            if use is None:
                continue
            try:
                return _change_of(use, finding, findings, catalogue, files, safe_only)
            except CannotChange as why:
                reason = why
    raise reason


def _change_of(
    use: Use, finding: Finding, findings: list[Finding], catalogue: Catalogue, files: Texts, safe_only: bool
) -> Change:
    if use.act == "written" and (finding.severity is Severity.NOTE or kind_of_file(use.made.path) == "test"):
        raise CannotChange("it may be a sample that a test needs as it stands")
    if use.shared:
        raise CannotChange("others sign in through this code to another service")
    reason = CannotChange("no recipe writes this")
    file = files(use.made.path)
    if not _may_be_written(use, finding.service, file, catalogue):
        raise reason
    if file.tree is not None and is_unreadable(file.tree, *file.span(use.made.span)):
        raise CannotChange("the code around it is broken off")
    for recipe, rewrite in _rewrites(use, catalogue, file):
        if (safe_only and recipe.safety != "safe") or (rewrite.services and finding.service not in rewrite.services):
            continue
        try:
            if any(file.has_word(word) for word in rewrite.unless):
                raise CannotChange(f"the file speaks of {' or '.join(rewrite.unless)}: look at how it signs in")
            signed_in.ask(rewrite, file, files, catalogue.definition_by_name)
            rewrite_here, before = _with_before(use, rewrite, file)
            replacements = _replacements(use, rewrite_here, file, files)
            replacements.setdefault(file.path, []).extend(before)
            if rewrite.awaits:
                start, _ = file.span(use.made.span)
                replacements.setdefault(file.path, []).extend(waits(file, start, files))
        except CannotChange as why:
            reason = why
            continue
        edits = {path: tuple(sorted(set(each))) for path, each in replacements.items()}
        return Change(tuple(findings), recipe, rewrite, edits)
    raise reason


def _with_before(use: Use, rewrite: Rewrite, file: FileText) -> tuple[Rewrite, list[Replacement]]:
    """The rewrite with the words that its place has for it, and the statements that it sets before."""
    if not rewrite.before:
        return rewrite, []
    at, words = surroundings(file, *file.span(use.made.span))

    def here(text: str) -> str:
        return filled(text, lambda hole: words.get(hole, f"«{hole}»"))

    made = _made(use, file)
    indentation = file.indentation(at)
    statements = fill(here(rewrite.before.rstrip("\n")), made, file).replace("\n", f"{file.newline}{indentation}")
    before = Replacement(at, at, f"{statements}{file.newline}{indentation}")
    return replace(rewrite, replace=here(rewrite.replace)), [before]


def _replacements(use: Use, rewrite: Rewrite, file: FileText, files: Texts) -> Replacements:
    if rewrite.language == CONFIGURATION and file.configuration is not None:
        return configuration.rewritten(use, rewrite, file, file.configuration)
    found = _HOW[use.act](use, rewrite, file, files)
    return {path: configuration.in_its_place(edits, files(path)) for path, edits in found.items()}


def _with_others(change: Change, catalogue: Catalogue, files: Texts, safe_only: bool) -> Change:
    """The change with those of the uses that are reported with it, as far as they can be written in the same way."""
    replacements = {path: list(edits) for path, edits in change.replacements.items()}
    for finding in change.findings:
        for use in finding.use.others if finding.use is not None else ():
            try:
                other = _change_of(use, finding, [finding], catalogue, files, safe_only)
            except (CannotChange, OSError, ir.Unreadable, RecursionError):
                continue
            if other.rewrite.imports != change.rewrite.imports or other.rewrite.packages != change.rewrite.packages:
                continue
            for path, edits in other.replacements.items():
                known = replacements.setdefault(path, [])
                if not any(edit.start < each.end and each.start < edit.end for edit in edits for each in known):
                    known += [edit for edit in edits if edit not in known]
    return replace(change, replacements={path: tuple(sorted(each)) for path, each in replacements.items()})


def _rewrites(use: Use, catalogue: Catalogue, file: FileText) -> Iterator[tuple[Recipe, Rewrite]]:
    """The rewrites that fit a use, by the order of its recipes."""
    language = file.language_at(*file.span(use.made.span)) or (CONFIGURATION if file.configuration else "")
    if use.act not in _HOW and language != CONFIGURATION:
        return
    found: list[tuple[Recipe, Rewrite]] = []
    for id in use.recipes:
        recipe = catalogue.recipe_by_id.get(id)
        if recipe is not None and recipe.refines and all(each.language != language for each in recipe.rewrites):
            recipe = catalogue.recipe_by_id.get(recipe.refines)  # it is written for programs of another language
        for rewrite in recipe.rewrites if recipe is not None else ():
            if rewrite.language != language or use.act not in rewrite.at:
                continue
            if rewrite.formats and (file.configuration is None or file.configuration.format.id not in rewrite.formats):
                continue
            if rewrite.callables and not any(is_of(name, rewrite.callables) for name in use.callables):
                continue
            if rewrite.calls and _called(use, file) not in rewrite.calls:
                continue
            if rewrite.given and not any(file.has_word(word) for word in rewrite.given):
                continue
            found.append((recipe, rewrite))  # type: ignore[arg-type]  # narrowed by the loop
    # what is for files of one kind comes before what is for all
    yield from sorted(found, key=lambda each: not each[1].formats)


def _may_be_written(use: Use, service: str | None, file: FileText, catalogue: Catalogue) -> bool:
    """Whether any rewrite may fit, as far as can be said before the file is read."""
    for id in use.recipes:
        recipe = catalogue.recipe_by_id.get(id)
        base = catalogue.recipe_by_id.get(recipe.refines) if recipe is not None and recipe.refines else None
        for rewrite in (*(recipe.rewrites if recipe is not None else ()), *(base.rewrites if base is not None else ())):
            if use.act not in rewrite.at or (rewrite.services and service not in rewrite.services):
                continue
            if rewrite.callables and not any(is_of(name, rewrite.callables) for name in use.callables):
                continue
            if file.language and rewrite.language != file.language:
                continue
            if rewrite.formats and not any(each in file.possible_formats for each in rewrite.formats):
                continue
            return True
    return False


def _called(use: Use, file: FileText) -> str:
    """The last part of the name of the function that makes the sign-in, where a call does."""
    node = file.places.at(*file.span(use.made.span))
    function = node.function if isinstance(node, ir.Call) else None
    return function.name if isinstance(function, ir.Name | ir.Attribute) else ""


def _in_place(use: Use, rewrite: Rewrite, file: FileText, files: Texts) -> Replacements:
    """The expression that signs in is replaced where it stands: a pair, an auth object, a call that takes both."""
    node = _made(use, file)
    if rewrite.options:
        if rewrite.options[0].startswith("-"):
            return _options(node, use, rewrite, file, files)
        return {file.path: arguments.replaced(node, rewrite, file)}
    if rewrite.under:
        return {file.path: entries.moved(node, rewrite, file)}
    if rewrite.keeps:
        return headers.given_to_senders(node, use, rewrite, file, files)
    return {file.path: [Replacement(node.start, node.end, fill(rewrite.replace, node, file))]}


def _options(node: Any, use: Use, rewrite: Rewrite, file: FileText, files: Texts) -> Replacements:
    """The options of the command that signs in, or of those that are handed what does."""
    if isinstance(node, ir.Command):
        return commands.rewritten(node, rewrite, file)
    found: Replacements = {}
    for send in use.sends:
        other = files(send.location.path)
        command = other.places.at(*other.span(send.location.span))
        if not isinstance(command, ir.Command):
            raise CannotChange("the command that signs in is not written as one")
        for path, edits in commands.rewritten(command, rewrite, other).items():
            found.setdefault(path, []).extend(edits)
    if not found:
        raise CannotChange("it is not known which commands sign in with this")
    return found


def _made(use: Use, file: FileText) -> Any:
    start, end = file.span(use.made.span)
    node = file.places.at(start, end)
    if node is None:
        raise CannotChange("what signs in is no expression of its own")
    return node


def _url(use: Use, rewrite: Rewrite, file: FileText, files: Texts) -> Replacements:
    return written.without_user(_made(use, file), rewrite, file)


def _command(use: Use, rewrite: Rewrite, file: FileText, files: Texts) -> Replacements:
    return commands.rewritten(_made(use, file), rewrite, file)


def _header(use: Use, rewrite: Rewrite, file: FileText, files: Texts) -> Replacements:
    if rewrite.calls:
        return _in_place(use, rewrite, file, files)
    return headers.rewritten(_made(use, file), use, rewrite, file, files)


def _written(use: Use, rewrite: Rewrite, file: FileText, files: Texts) -> Replacements:
    return written.read_instead(use, rewrite, file)


_SIGNS_IN = frozenset({"header", "encode", "client", "command"})
_HOW: dict[str, Callable[[Use, Rewrite, FileText, Texts], Replacements]] = {
    "header": _header,
    "encode": _header,
    "client": _in_place,
    "command": _command,
    "url": _url,
    "written": _written,
}
