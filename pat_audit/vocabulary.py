"""What the YAML under `rules/` can say: rules, credentials, services, libraries, recipes, as frozen data.

Each class is one kind of file (or a part of one); the field names are the keys of the YAML. `catalogue.py`
builds them strictly: an unknown key, a missing key or a value of another type is an error that names the
file and the key. Fields without a default are required.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

# --- credentials: rules/credentials/<id>.yaml ---------------------------------------------------------------

CredentialClass = Literal["pat", "api-token", "app-password", "oauth-token", "job-token", "key", "password"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One written form of a token.

    `pattern` is a regular expression in the syntax that `re` and hyperscan share (no look-around, no
    back-references, no lazy or possessive quantifiers); it matches the token and nothing else.
    `bounded` lists the characters (a regex class body) that must not stand directly before or after the
    token; the scanner checks the neighbours itself. `keywords`: at least one occurs, ignoring case, in every
    match (or, for `near` shapes, within 100 bytes before it on the same or the previous two lines).
    """

    name: str
    pattern: str
    keywords: tuple[str, ...]
    bounded: str = "A-Za-z0-9"
    near: tuple[str, ...] = ()  # words of which one must stand near by: for shapes that have no tell
    unless: tuple[str, ...] = ()  # words that, as the name directly before it, say that it is something else: `sha`
    check: str = ""  # a function of pat_audit.tokens.checks: its verdict is the confidence tier
    unchecked: Literal["report", "low", "silent"] = "low"  # what a match that fails its check is worth
    minimum_entropy: float = 0.0  # bits per character; below it a match is filler


@dataclass(frozen=True, slots=True)
class Names:
    """How people call a credential of this kind in identifiers, keys and environment variables.

    `exact` are whole names (case matters not); `words` are runs of words as an identifier splits into them
    (`personal access token` meets `personalAccessToken`, `PERSONAL_ACCESS_TOKEN`, `personal-access-token`).
    """

    exact: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()  # words that say the name is of something else: `pattern`, `path`, `url`


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """A kind of credential: what it is called, what it looks like, who issues it."""

    id: str
    title: str
    provider: str  # a Service's provider, or `any`
    kind: CredentialClass
    names: Names = field(default_factory=Names)
    shapes: tuple[Shape, ...] = ()
    revoke: str = ""  # where its owner revokes it: a sentence or a URL
    references: tuple[str, ...] = ()


# --- services: rules/services/<id>.yaml ---------------------------------------------------------------------

Policy = Literal["refused", "retired", "retiring", "migrate", "inventory", "right"]
Sending = Literal["basic", "bearer", "header", "url", "form", "any"]  # form: in the body (ROPC, a login call)


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a service makes of one way to sign in.

    `policy`: refused (never worked), retired (switched off on `date`), retiring (will be on `date`),
    migrate (works, and there is something better), inventory (works and is documented; worth a note),
    right (nothing to say). The first scheme of a service whose `scheme` and `credential` fit is used.
    """

    scheme: Sending
    credential: tuple[CredentialClass | Literal["any"], ...]
    policy: Policy
    date: str = ""  # ISO date on which it was or will be switched off
    why: str = ""
    instead: str = ""
    source: str = ""
    recipes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path of a service that has a policy of its own.

    `path` is a template matched on whole segments, ignoring case: `{}` is any one segment, `*.asmx` one that
    ends so, a trailing `**` any rest, a leading `**` any start. `hosts` narrows to some of the service's
    hosts (the same wildcards). `scheme` and `credential` say which ways to sign in the policy is about; the
    service judges the others.
    """

    name: str
    path: str
    policy: Policy
    hosts: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    credential: tuple[CredentialClass | Literal["any"], ...] = ("any",)
    date: str = ""
    why: str = ""
    instead: str = ""
    source: str = ""
    recipes: tuple[str, ...] = ()
    on_server: bool = False  # whether the on-premises product has it too
    scheme: tuple[Sending, ...] = ("any",)


@dataclass(frozen=True, slots=True)
class Service:
    """Something that code signs in to."""

    id: str
    title: str
    provider: str
    hosts: tuple[str, ...] = ()  # `dev.azure.com`, `*.visualstudio.com` (one or more labels)
    subdomains: tuple[str, ...] = ()  # first labels of its hosts that are words of nothing else: `vssps`
    ports: tuple[int, ...] = ()  # with a weak path they make it sure; alone, when not a common port, a guess
    paths: tuple[str, ...] = ()  # path parts that tell the service on any host: `/_apis/`, `/_git/`
    weak_paths: tuple[str, ...] = ()  # path parts that others have too: a guess
    deployment: Literal["cloud", "server"] = "cloud"
    words: tuple[str, ...] = ()  # words in names that mean this service: `azure devops`, `azdo`
    weak_words: tuple[str, ...] = ()  # words that mean it only beside other evidence: `ado` is also ADO.NET
    headers: tuple[str, ...] = ()  # request headers that carry its token and nothing else: `Private-Token`
    empty_user: bool = False  # a token beside an empty user name is its habit, and hardly anybody else's
    issues_tokens: bool = False  # an identity provider: that a file names it does not say where its requests go
    user_is_public: bool = False  # `https://name@host/` carries an account name, not a credential
    schemes: tuple[Scheme, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    references: tuple[str, ...] = ()


# --- libraries: rules/libraries/<language>/<id>.yaml --------------------------------------------------------

Does = Literal[
    "same",  # gives role `value` back unchanged (str(), .encode(), .strip(), quote of a URL)
    # a URL from role `parts` (scheme, netloc, path …; or a URL), roles scheme, userinfo, netloc, host, path
    # standing in place of its own
    "url",
    "concatenate",  # role `value`, if it has one, and role `parts` in order, with `between` between them
    "append",  # role `parts` put behind the text that the receiver holds as `value`; gives the receiver
    "join",  # role `separator` between the items of role `parts`
    "format",  # role `template` filled with all other arguments ({} and {name}); `percent` for printf style
    "substitute",  # role `template` filled with keyword arguments ($name, ${name})
    "replace",  # role `value` with `old` replaced by `new`
    # role `value` encoded: `scheme` base64 | base64-wrapped | base64-url | percent | hex | utf-16, or as role
    # `codec` says, where `broken` is about every encoding but plain base64
    "encode",
    "decode",  # the reverse
    "read",  # a value from outside: `origin`, role `name`, role `default`
    "load",  # an object of values from outside (a parsed config, options): items and attributes are reads
    # declares an option or variable: role `name`, role `variable` (environment), role `key` (of a configuration),
    # role `default`
    "declare",
    "pair",  # a user and a password kept together (roles user, password): it signs in once it is handed on as auth
    "authenticate",  # an auth object: `scheme`, roles user, password, token
    "headers",  # a mapping of headers: roles userinfo (user:password to be encoded) or user, password
    # `url` or `headers` may also be an object that a `client` effect made: it brings what it keeps
    "request",  # something leaves: roles url, headers, auth, user, password, token, userinfo, header, method
    "client",  # a client object that keeps what it is given (roles as for request, and base_url)
    # sets a role on its receiver, which it gives back: `role`, role `value`; or a header or item: roles name,
    # value; or, with neither `role` nor `name`, each role that is given
    "set",
    "option",  # like set, the role chosen by the constant in role `option` through `choices`
    # runs a command: role `command` (argument list or shell text, or an object that keeps the others), or
    # `program` and the `arguments` that follow it;
    # `input` is piped in, `environment` a mapping of variables; scheme `script`: a shell's script, which finds
    # its variables in the environment
    "command",
    # gives a command for role `program` that is run later, or adds role `value` (or `line`) to its arguments
    "add",
    "write",  # writes role `value` to a file or stream
    # role `value` is put under role `name` into a document; without a value: a part of it, called so, is given
    "keep",
    "export",  # hands variables to the programs that are run from here: keyword arguments by their names
    # a mapping made from keyword arguments and role `value`, or the first of role `parts`, the others put into it;
    # or of role `pairs`, keys and values in turn
    "mapping",
    "sequence",  # a list of the items in role `parts`, or of those that role `value` holds
    "update",  # updates the receiver mapping from role `value` and keyword arguments
    "get",  # the item of the receiver under role `name`, or role `default`
    "view",  # the items, values or keys (`role`) of the receiver mapping or role `value`, as a sequence
    "copy",  # a copy of the receiver or role `value`
    # binds the name that stands in role `variable` where the call stands, to a value from outside: `origin`,
    # role `name`
    "bind",
    "partial",  # role `function` with arguments bound
    # calls role `function` and gives what it gives (run_in_executor, asyncio.run, to_thread); with role `value`
    # it is handed that, and with `role: items` each item of it
    "call",
    "nothing",  # known to be of no interest: neither its value nor its arguments matter
]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a callable does, and which argument plays which role.

    `with` maps a role to where its argument stands: whole numbers are positions (0-based, the receiver not
    counted), names are keywords, `receiver` is the object before the dot, `*` all positional arguments, `1*` those
    from the second on, and `1.auth.user` what an options object at a position holds under these names. Where
    something plays role `unless`, the call signs in otherwise, and nothing else is said of it.
    """

    # `requests.get`; in a type, the method's name; `*.name` on any unknown receiver, `*.secrets.get` on one so named
    names: tuple[str, ...]
    does: Does
    roles: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    scheme: str = ""
    origin: str = ""
    between: str = ""
    role: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)  # roles with a fixed value: `user: x-token-auth`
    returns: str = ""  # the type of what comes back, by its first name in `types`
    service: str = ""  # the service it always speaks to
    credential: str = ""  # the class of credential it takes, where that is sure (`pat`)
    broken: str = ""  # why a credential encoded this way is broken; judged as broken-auth


@dataclass(frozen=True, slots=True)
class Type:
    """A class of a library: how it is made, which attributes play a role, what its methods do."""

    names: tuple[str, ...]
    make: Effect | None = None  # its constructor; names are taken from the type
    # attribute name -> role (headers, auth, url, …); `url.netloc`, `url.host`, `url.user` are parts of `url`,
    # and `self` is the object again
    attributes: dict[str, str] = field(default_factory=dict)
    methods: tuple[Effect, ...] = ()
    bases: tuple[str, ...] = ()
    item: str = ""  # what obj[key] and obj.attribute give: an origin (config, option, environment)
    fluent: bool = False  # a builder: a method of which nothing is said gives the object itself


@dataclass(frozen=True, slots=True)
class Library:
    """What the evaluator must know of one library of one language."""

    library: str
    language: str
    anchors: tuple[str, ...] = ()  # words that stand in any file that uses it
    functions: tuple[Effect, ...] = ()
    types: tuple[Type, ...] = ()
    values: dict[str, str] = field(default_factory=dict)  # `os.environ` -> the type it is an instance of
    also: tuple[str, ...] = ()  # further languages whose programs use it by the same names
    constants: dict[str, str] = field(default_factory=dict)  # `HttpHeaders.AUTHORIZATION` -> the text that it is
    switches: tuple[str, ...] = ()  # named arguments that stand alone, where nothing but that tells (PowerShell)


@dataclass(frozen=True, slots=True)
class Command:
    """A program on the command line: which option or position plays which role.

    `options` maps a role to the options that carry it (`-u`, `--user`); `positions` a role to positions
    among the non-option words (0-based, negative from the end, `*` any that looks like a URL).
    `valued` lists further options that take a value, so that it is not taken for a position.
    Role `setting` is a `key=value` word, or at a position a key whose value is the next word; `settings`
    says which role the value plays by its key (`*` any run of characters, ignoring case). Role `variable` is a
    `NAME=value` word, a variable that what is run gets.
    """

    names: tuple[str, ...]
    subcommand: tuple[str, ...] = ()  # words that must follow: `login`, `devops login`
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    positions: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)  # `-c key=value`: key pattern -> role
    valued: tuple[str, ...] = ()
    stdin: str = ""  # the role of what is piped in; `settings`: it is lines of `key=value`
    when: tuple[str, ...] = ()  # words of which one must be present (`--auth pat`)
    # word patterns (ignoring case, `a|b` one of them) of which each must be there; `!x`: none may be
    every: tuple[str, ...] = ()
    means: str = ""  # a word that the rules' cases ask for as fact `means`, as of a setting
    service: str = ""
    credential: str = ""
    scheme: str = ""
    does: Literal["request", "login", "store"] = "request"  # `store`: keeps role `value` in a file
    # what it prints: an access token issued for the moment; its arguments; its first one filled with the others
    # (printf); what is piped in or stands in role `file`, as it is, encoded as base64, decoded, or without line
    # breaks; a value from outside (`origin`, role `name`), or the part of its input that role `name` asks for.
    # `ends` stands behind it, `broken` says why a credential that is encoded so is broken.
    prints: Literal["", "token", "arguments", "format", "input", "encoded", "decoded", "unwrapped", "read", "field"] = (
        ""
    )
    origin: str = ""
    ends: str = ""
    broken: str = ""
    # what it runs in turn: the words behind its own options (and behind as many words as position `program`
    # says), all its words together as shell text, or the shell text in role `script` or piped in
    runs: Literal["", "rest", "words", "text"] = ""


@dataclass(frozen=True, slots=True)
class CommandLibrary:
    """A file of rules/libraries/command/: programs that sign in."""

    library: str
    language: Literal["command"]
    anchors: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()


# --- formats: rules/formats/<id>.yaml, and what fills values in: rules/templates/<id>.yaml -------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """What a template's expression refers to.

    `pattern` is a regular expression in the syntax of `Shape`, looked for in the expression, ignoring case; its
    group `name` is the name. `others` maps names (`*` any run of characters, ignoring case) to the origin that
    they have instead: `System.AccessToken: job`; `none` for what is no credential.
    """

    pattern: str
    origin: str  # as in flow.values.Source
    others: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """How values are filled into text before anybody reads it.

    `expressions` are regular expressions in the syntax of `Shape`, each of which matches a whole expression; its
    group `inner`, if it has one, is what stands in it. The names in it say what it comes to, whichever of
    `references` finds them; the first of these that finds one says which comes first.
    """

    id: str
    expressions: tuple[str, ...]
    references: tuple[Reference, ...]
    not_behind: str = ""  # characters behind which it is none: `$` for `{x}`, so that `${x}` is let be


SettingRole = Literal[
    "password",  # of a user, which stands beside it
    "token",  # a credential that signs in by itself
    "userinfo",  # user:password
    "header",  # the value of an Authorization header
    "url",  # an address, which may carry a credential
    "reference",  # the name of a credential that stands somewhere else: where, says `origin`
    "declared",  # its key names a credential that somebody else hands in: by what, says `origin`
    "fact",  # what `means` says: a switch that is on, a task that is old
    "nothing",  # known to be of no interest
]


@dataclass(frozen=True, slots=True)
class KnownSetting:
    """What some settings of a format are.

    `paths` are the keys from the root with slashes between, ignoring case; places in lists do not count. `*` in a
    key is any run of characters, `**` any number of keys. `beside` maps roles (user, url) to the settings that
    play them, the first that there is, found from the mapping that the setting stands in: `username`, `../url`
    (`~1` is a slash in a key);
    `*` in it is what the last `*` of the path is. `when` says what other settings must hold, found in that
    mapping or one around it: any of the listed texts (`*` any run of characters, `!x` none of those); `equals` the
    same of the setting itself.
    """

    paths: tuple[str, ...]
    role: SettingRole
    service: str = ""  # the service that it always is for
    credential: str = ""  # the class of credential, where that is sure
    scheme: str = ""  # how it signs in: basic, pat, bearer, header, token
    encoded: Literal["", "base64"] = ""
    origin: str = ""  # of a `reference`: secret-store, environment, file
    address: str = ""  # where it signs in to; `{}` stands for what the last `*` of the path is
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    equals: tuple[str, ...] = ()
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)
    means: str = ""  # a word that the rules' cases ask for as fact `means`
    title: str = ""  # what it is called, `{}` as in `address`; by default its key
    why: str = ""
    instead: str = ""
    recipes: tuple[str, ...] = ()  # what to do instead, before what its service and the rule know


@dataclass(frozen=True, slots=True)
class Script:
    """Settings whose text is a program, or itself of some format.

    `language` is a language or the id of a format; nothing: the first of the settings in `said_by`, looked for
    in the mapping that the script stands in and those around it (`.` is the script itself), says it by way of
    `languages` (`*` any run of characters; an empty key for all others; no language: it is let be). `lines`: the
    members of a list are lines of one program; `words`: they are the words of one command line, with `lines` where
    that list is one of a list; `whole`: all such settings of the file are parts of one program. `prompts`: its
    lines may stand behind a shell's prompt, and then those without one are what was printed. `asides` maps what a
    line may start with to the language of such lines. `templates`: ids of those that fill it in, besides its
    format's. `paths` and `when` as in `KnownSetting`.
    """

    paths: tuple[str, ...]
    language: str = ""
    said_by: tuple[str, ...] = ()
    languages: dict[str, str] = field(default_factory=dict)
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: bool = False
    words: bool = False
    whole: bool = False
    prompts: bool = False
    asides: dict[str, str] = field(default_factory=dict)
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of configuration file.

    `files` are globs on the path, ignoring case: one without a slash is on the name, one with a slash on the
    end of the path. `contains`: paths (as in `KnownSetting`) of which the file has at least one; `fragments`: those
    of which a text without a name has at least one, which may be only a part of such a file. Of the formats that
    fit a file the one of the highest `rank` reads it; rank 0 is for a syntax in general, and what cannot be read as
    that is no problem. `named`: in a mapping the setting under the first key is the one that the
    second key names (`value: name`), or with `..` under the key of the mapping itself (`default: ..`). `assignments`:
    paths of settings that read `NAME=value`. `reference` is how a value is taken from outside, `«name»` for its name;
    nothing: there is no way. `escapes` says what must be written in the file for what stands in a program in it;
    `closed`: they run where nobody is signed in, and nothing comes from outside; `signs_in`: nobody is, but where the
    file has one of these words. `environment`: paths of settings that the scripts below the same
    mapping have as environment variables of that name.
    """

    id: str
    title: str
    syntax: str  # a reader: a key of formats.readers.READERS
    files: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    fragments: tuple[str, ...] = ()
    rank: int = 0
    templates: tuple[str, ...] = ()  # ids of templates
    variables: tuple[str, ...] = ()  # those that fill in settings only: scripts know the variables themselves
    named: dict[str, str] = field(default_factory=dict)
    assignments: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    scripts: tuple[Script, ...] = ()
    settings: tuple[KnownSetting, ...] = ()
    reference: str = ""
    escapes: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    signs_in: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


# --- recipes: rules/recipes/<id>.yaml -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Definition:
    """What a rewritten file must define once: a function or variable that rewrites refer to as `«name»`.

    `text` is the definition with `«…»` for its own name, for names that `imports` bring and for other definitions;
    `imports` are names by module (no names: the module itself), `packages` what must be installed for them.
    `inline` stands in place of the name where a file needs it once only, or is no program that could define it.
    It takes somebody who is signed in: a file with a word of `unless`, or one that an image takes in, is left to a
    person, save where it has one of the words `signs_in`.
    """

    id: str
    language: str
    name: str
    text: str
    inline: str = ""
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    signs_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewrite:
    """How a recipe is written into a file: what stands in place of the expression that made the sign-in.

    It is for findings of the acts `at` whose maker or sender starts with one of `callables` (none: any). In
    `replace`, `«name»` is a definition or an imported name, `«1»` or `«key»` an argument of the replaced call,
    `«receiver»` what it is called on. `sends` is the argument that each call that sends the credential gets
    beside it, `keeps` what is set on a client that keeps it: the header that was made is then taken out.
    `calls`: it is for a call of a function that is written so. `options`: of a command line or a call, these options
    and their values are what is replaced. `unless`: words with which a file is left to a person. `awaits`: it only
    fits where code may wait. `under`: the keys (`headers.Authorization`) of an options object where `replace` stands
    in place of the entry that signed in. `before`: statements before the one that it stands in; in both, `«token»`
    and `«error»` are free names, `«context»` is what a call can be ended with, and `«fail»` what the function does
    upon an error.
    `behind`: of a URL in a command line with one of the words `options`, its user part goes and `replace` stands
    behind this word. `inside`: what stands in place of a part of a text. `given`: words of which the file must have
    one. For configuration files the language is `configuration`, `formats` are the ids of those that it is for (none:
    any), and `«reference»` is the format's own way to take a value from outside.
    """

    language: str
    at: tuple[Literal["header", "encode", "client", "command", "url", "written", "setting", "request"], ...]
    replace: str = ""
    callables: tuple[str, ...] = ()
    services: tuple[str, ...] = ()  # those that it is for; none: those of its recipe
    sends: str = ""
    keeps: str = ""
    calls: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    behind: str = ""
    inside: str = ""
    formats: tuple[str, ...] = ()
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    awaits: bool = False
    under: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to do instead, in words that a person can follow; `code` shows it per language.

    `rewrites` write it into code, the first that fits; `after` is what a person still has to do then.
    """

    id: str
    title: str
    safety: Literal["safe", "unsafe", "manual"]
    steps: tuple[str, ...]
    code: dict[str, str] = field(default_factory=dict)  # language -> snippet
    packages: dict[str, tuple[str, ...]] = field(default_factory=dict)  # language -> requirements
    refines: str = ""  # the general recipe in whose place it stands for the callables under `sinks`
    sinks: tuple[str, ...] = ()  # starts of callables' names: `requests.`, `curl`
    services: tuple[str, ...] = ()  # those that it is for; none: any
    alone: bool = False  # where it is advised, no other recipe is written: a person must decide
    rewrites: tuple[Rewrite, ...] = ()
    after: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


# --- rules: rules/checks/<id>-<name>.yaml -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """One set of facts that a rule reports, and how loudly. A fact is met by any of its listed values.

    The facts and their values stand in `facts.FACTS`. Severity `none` says that there is nothing to report,
    neither by this rule nor by one of lower rank.
    """

    facts: dict[str, tuple[str, ...]]
    severity: Literal["error", "warning", "note", "none"]
    confidence: Literal["high", "medium", "low", "as-found"] = "as-found"
    message: str = ""  # where it differs from the rule's


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of code with the findings that it must give (`<-- PAT201` at the end of a line), or none."""

    language: str
    bad: str = ""
    good: str = ""
    fixed: str = ""
    filename: str = ""  # the name that it is scanned under; by default one that fits the language
    why: str = ""
    files: dict[str, str] = field(default_factory=dict)  # further files beside it


@dataclass(frozen=True, slots=True)
class FurtherExamples:
    """A file of rules/examples/<language>/: examples of one rule that would crowd the rule's own file."""

    rule: str  # the rule's id
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that pat-audit reports."""

    id: str
    name: str
    category: str
    message: str  # with {credential}, {service}, {kind}, {endpoint}, {date}, {why}, {instead}
    why: str
    since: str
    when: tuple[Case, ...] = ()  # the first case that fits decides; none: the rule is about the run
    severity: Literal["error", "warning", "note"] = "warning"  # the usual one, for documents
    recipes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    rank: int = 0  # where two rules meet at one site the higher one speaks
    beside: bool = False  # it has something of its own to say of what another rule reports already
