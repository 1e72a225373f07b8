"""The readers of other scanners' tests, each on a small checkout of the same form that is written here."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import pytest

from benchmarks.peer_suites import (
    codeql,
    credsweeper,
    detect_secrets,
    gitleaks,
    gitleaks_notations,
    kingfisher,
    nosey_parker,
    osv_scalibr,
    sarif_pattern_matcher,
    secretlint,
    titus,
)
from pat_audit.tokens.samples import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.peer_suites.case import Case


def read(root: Path, cases: Callable[[Path], Iterator[Case]], files: dict[str, str]) -> list[Case]:
    """The cases that a reader finds in these files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return list(cases(root))


def brief(cases: list[Case]) -> list[tuple[str, bool, str]]:
    return [(case.label, case.positive, case.text) for case in cases]


UTILITIES = """
    package utils

    func Hex(size string) string {
        return fmt.Sprintf(`[a-f0-9]{%s}`, size)
    }

    func GenerateSampleSecret(identifier string, secret string) string {
        return fmt.Sprintf("%s_api_token = \\"%s\\"", identifier, secret)
    }

    func GenerateSampleSecrets(identifier string, secret string) []string {
        samples := map[string]string{
            // "left out": "{i}",
            "ini":  "{i}Token={s}",
            "make": "{I}_TOKEN := \\"{s}\\"",
        }
        return replaced(samples)
    }
"""
RULE = """
    package rules

    func Acme() *config.Rule {
        r := config.Rule{
            RuleID: "acme-token",
            Regex:  regexp.MustCompile(`acme_[a-f0-9]{8}`),
        }
        tps := utils.GenerateSampleSecrets("acme", "acme_"+secrets.NewSecret(utils.Hex("8")))
        tps = append(tps,
            utils.GenerateSampleSecret("acme", secrets.NewSecret(`x[ab]{3,}y+`)), // drawn
            "quoted \\"here\\"\\n"+`raw\\n`,
        )
        fps := []string{"acme_" + strings.Repeat("0", 8)}
        return utils.Validate(r, tps, fps)
    }

    func Paths() *config.Rule {
        r := config.Rule{RuleID: "acme-file"}
        return utils.ValidateWithPaths(r, map[string]string{"a.ini": "p = 1"}, nil)
    }
"""


def test_gitleaks_draws_the_same_tokens_each_time(tmp_path: Path) -> None:
    files = {
        "cmd/generate/config/utils/generate.go": UTILITIES,
        "cmd/generate/config/rules/acme.go": RULE,
    }
    cases = read(tmp_path, gitleaks.cases, files)
    token = cases[0].text.removeprefix("acmeToken=")
    assert len(token) == 13
    assert int(token.removeprefix("acme_"), 16) >= 0
    drawn = cases[2].text.removeprefix('acme_api_token = "').removesuffix('"')
    assert len(drawn) == 5
    assert set(drawn[1:4]) <= set("ab")
    assert brief(cases) == [
        ("acme-token", True, f"acmeToken={token}"),
        ("acme-token", True, f'ACME_TOKEN := "{token}"'),
        ("acme-token", True, f'acme_api_token = "{drawn}"'),
        ("acme-token", True, 'quoted "here"\nraw\\n'),
        ("acme-token", False, "acme_00000000"),
        ("acme-file", True, "p = 1"),
    ]
    assert cases[-1].name == "a.ini"
    assert cases == list(gitleaks.cases(tmp_path))


def test_every_form_is_written_in_every_notation(tmp_path: Path) -> None:
    cases = read(tmp_path, gitleaks_notations.cases, {"cmd/generate/config/utils/generate.go": UTILITIES})
    token = sample("github-pat")
    assert [case.text for case in cases if case.label == "github-pat"][:2] == [
        f"githubToken={token}",
        f'GITHUB_TOKEN := "{token}"',
    ]
    assert len({case.label for case in cases}) > 30
    assert all(case.secret in case.text for case in cases)


def test_osv_scalibr_reads_tables(tmp_path: Path) -> None:
    text = """
        package acme_test

        const (
            keyA = `acme-one`
            keyB = "acme-two"
        )

        func TestDetector_truePositives(t *testing.T) {
            cases := []struct {
                name  string
                input string
                want  []veles.Secret
            }{{
                name:  "simple",
                input: keyA,
                want: []veles.Secret{
                    acme.Key{Key: keyA},
                },
            }, {
                name:  "changed",
                input: keyA[:len(keyA)-1] + "x",
                want:  []veles.Secret{},
            }, {
                name:  "both",
                input: fmt.Sprintf("a: %s\\nb: %s", keyA, keyB),
                want:  []veles.Secret{acme.Key{Key: keyA}, acme.Key{Key: keyB}},
            }, {
                name:  "nothing wanted",
                input: strings.Repeat(`ab`, 3),
            }, {
                name:  "not known",
                input: build(t),
            }}
            for _, tc := range cases {
            }
        }
    """
    cases = read(tmp_path, osv_scalibr.cases, {"veles/secrets/acme/key_detector_test.go": text})
    assert brief(cases) == [
        ("acme/key", True, "acme-one"),
        ("acme/key", False, "acme-onx"),
        ("acme/key", True, "a: acme-one\nb: acme-two"),
        ("acme/key", False, "ababab"),
    ]


@pytest.mark.parametrize(
    ("reader", "folder"),
    [
        (kingfisher.cases, "data/rules"),
        (nosey_parker.cases, "crates/noseyparker/data/default/builtin/rules"),
        (titus.cases, "pkg/rule/rules"),
    ],
)
def test_examples_of_rules(tmp_path: Path, reader: Callable[[Path], Iterator[Case]], folder: str) -> None:
    text = """
        rules:
          - name: Acme token
            id: x.acme.1
            pattern: 'acme'
            examples: ['t = acme1', "two\\nlines"]
            negative_examples: [nothing]
          - name: No examples
            id: x.acme.2
    """
    files = {f"{folder}/acme.yml": text, f"{folder}/empty.yml": "", "testdata/secrets/a.txt": ACME_LINES}
    expected = [
        ("x.acme.1 Acme token", True, "t = acme1"),
        ("x.acme.1 Acme token", True, "two\nlines"),
        ("x.acme.1 Acme token", False, "nothing"),
    ]
    own = [("np.acme.1 Acme Key", True, "ACME=k")] if reader is titus.cases else []
    assert brief(read(tmp_path, reader, files)) == expected + own


ACME_LINES = """\
    # made up
    # Acme Key (np.acme.1)
    ACME=k
"""


def test_detect_secrets_reads_parameters(tmp_path: Path) -> None:
    text = """
        import pytest

        WORD = "acme"
        ROWS = [("{}1".format(WORD), True)]


        class TestAcme:
            @pytest.mark.parametrize(
                'payload, should_flag',
                [(WORD + '-' + 'x' * 2, True), ('{a}'.format(a=WORD), False), (unknown(), True)],
            )
            def test_analyze(self, payload, should_flag):
                pass

            @pytest.mark.parametrize('line', [('one'), 'two'])
            def test_all(self, line):
                pass

            @pytest.mark.parametrize('payload, should_flag', ROWS)
            def test_rows(self, payload, should_flag):
                pass
    """
    cases = read(tmp_path, detect_secrets.cases, {"tests/plugins/acme_test.py": text})
    assert sorted(brief(cases)) == [
        ("acme", False, "acme"),
        ("acme", True, "acme-xx"),
        ("acme", True, "acme1"),
        ("acme", True, "one"),
        ("acme", True, "two"),
    ]


def test_secretlint_reads_snapshots(tmp_path: Path) -> None:
    folder = "packages/@secretlint/secretlint-rule-acme/test/snapshots"
    message = {"messageId": "ACME", "range": [6, 10], "loc": {"start": {"line": 2}, "end": {"line": 2}}}
    files = {
        f"{folder}/ng.one/input.env": "first\nacme\n",
        f"{folder}/ng.one/output.json": json.dumps({"messages": [message]}),
        f"{folder}/ok.two/input.txt": "fine",
        f"{folder}/ok.two/output.json": json.dumps({"messages": []}),
        f"{folder}/ok.three/output.json": json.dumps({"messages": []}),
    }
    found, fine = read(tmp_path, secretlint.cases, files)
    assert (found.label, found.lines, found.secret, found.name) == (
        "secretlint-rule-acme ACME",
        (2, 2),
        "acme",
        "input.env",
    )
    assert (fine.label, fine.positive, fine.lines) == ("secretlint-rule-acme", False, None)


def test_what_credsweeper_expects_nothing_of_is_negative(tmp_path: Path) -> None:
    line = {"line_num": 1, "path": "./tests/samples/acme", "value": "acme1", "line": "t = acme1"}
    files = {
        "tests/samples/acme": "t = acme1\nanother line of enough letters\nshort\n",
        "tests/data/output.json": json.dumps([{"rule": "Acme Token", "line_data_list": [line]}]),
    }
    cases = read(tmp_path, credsweeper.cases, files)
    assert [(case.positive, case.lines, case.name) for case in cases] == [
        (True, (1, 1), "acme.txt"),
        (False, (2, 2), "acme.txt"),
    ]


def test_sarif_pattern_matcher_reads_what_is_expected(tmp_path: Path) -> None:
    folder = "src/Plugins/Tests.Security/TestData/SecurePlaintextSecrets"
    region = {"startLine": 2, "endLine": 2}
    result = {"locations": [{"physicalLocation": {"region": region}}]}
    files = {
        f"{folder}/Inputs/SEC101_999.Acme.txt": "a line of more than twenty\nacme\nshort\n",
        f"{folder}/ExpectedOutputs/SEC101_999.Acme.sarif": json.dumps({"runs": [{"results": [result]}]}),
    }
    cases = read(tmp_path, sarif_pattern_matcher.cases, files)
    assert [(case.label, case.positive, case.lines) for case in cases] == [
        ("SEC101/999.Acme", True, (2, 2)),
        ("SEC101/999.Acme", False, (1, 1)),
    ]


def test_codeql_reads_alerts_behind_lines_and_beside(tmp_path: Path) -> None:
    folder = "ql/test/query-tests/Security/CWE-798"
    files = {
        f"javascript/{folder}/a.js": """\
            connect('word'); // $ Alert
            connect("other"); // $ MISSING: Alert
            connect(x);
        """,
        f"go/{folder}/main.go": 'a := 1\nconnect("word")\n',
        f"go/{folder}/Query.expected": "#select\n| main.go:2:9:2:14 | word | message |\n",
        f"go/{folder}/vendor/x/y.go": 'connect("word")\n',
        "go/other/main.go": 'connect("word")\n',
    }
    cases = read(tmp_path, codeql.cases, files)
    assert [(case.label, case.positive, case.lines) for case in cases] == [
        ("go", True, (2, 2)),
        ("javascript", True, (1, 1)),
        ("javascript", False, (2, 2)),
    ]
