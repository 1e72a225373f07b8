"""Why patterns whose time could grow faster than their text are let pass: each with what holds it back.

Kept are those where `pat_audit.pattern_growth` sees less than is known of the text or of how the pattern is used.
"""

REASONS = {
    "pat_audit/baseline/written_secrets.py: _IN_QUOTES": "what is opened is always found, closed or not",
    "pat_audit/report/masking.py: _IN_QUOTES": "what is opened is always found, closed or not",
    "pat_audit/comments.py: _QUOTED": "lines of _LONGEST_LINE bytes at the most",
    "pat_audit/fixes/configuration.py: _USER_PART": "200 bytes of a template at the most",
    "pat_audit/fixes/written.py: _USER_PART": "200 bytes of a template at the most",
    "pat_audit/fixes/dependency_files.py: _JSON_ITEM": "the text was read as JSON before: its quotes are closed",
    "pat_audit/fixes/requirements.py: _DEPENDENCIES": "grows with the heads [project], of which TOML takes one",
    "pat_audit/flow/composition.py: _STRUCTURED": "for texts with a colon, at which each way ends",
    "pat_audit/flow/command_roles.py: _SETTING": "2,000 characters at the most",
    "pat_audit/formats/dockerfile.py: _PIECE": "every character is of a piece: a second quote ends what one began",
    "pat_audit/formats/hcl.py:144": "every character is of a match",
    "pat_audit/formats/json_text.py: _TOKEN": "what is no token is an empty one, at which reading ends",
    "pat_audit/formats/netrc.py: _WORD": "what is no quoted word is a word, which takes all of it",
    "pat_audit/formats/yaml_scalars.py: _SPECIAL": "a fold begins behind no blank and takes all lines that it can",
    "pat_audit/formats/yaml_templates.py:88": "an expression ends where the next of its kind begins",
    "pat_audit/glob_table.py:38": "paths, which are short",
    "pat_audit/languages/bash_layout.py: _EXPANSION": "words of 4,096 characters at the most",
    "pat_audit/languages/broken_off.py: _TOKEN": "comments are always found; strings have 1,000 bytes at the most",
    "pat_audit/languages/csharp_layout.py: _EXTENSION": "searched for in 200 bytes",
    "pat_audit/languages/go_layout.py: _DECLARED": "a group ends where the next declaration begins",
    "pat_audit/languages/javascript.py: _SCRIPT": "2,000 bytes of a tag at the most, and a script is always found",
    "pat_audit/languages/javascript_layout.py: _COMMENT": "what is opened is always found, closed or not",
    "pat_audit/languages/powershell_text.py: _PAIRED": "what is opened is always found, or ends at the next brace",
    "pat_audit/languages/python_two.py: _NO_CODE": "what is opened is always found, closed or not",
    "pat_audit/naming.py: _WORDS": "the alternatives take the same characters",
    "pat_audit/tokens/placeholders.py: _CAMEL": "the alternatives take the same characters",
    "pat_audit/tokens/placeholders.py: _INTERPOLATION": "tokens and parts of URLs, 4,096 bytes at the most",
    "pat_audit/scopes.py: _LEVELS": "lines of a rules file",
    "pat_audit/suppress.py: _MARKER": "400 characters at the most behind a word of nine",
    "rules/templates/github-actions.yaml: references[5].others": "names of 210 characters at the most",
}
