"""Fixes in Go: exact texts before and after, what would not compile, and what is left to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fixes.in_memory import fixed, one, refusals
from fixes.in_memory import run as run_in_memory

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = """\
var entraCredential = sync.OnceValues(func() (*azidentity.DefaultAzureCredential, error) {
	return azidentity.NewDefaultAzureCredential(nil)
})

// entraToken gives a Microsoft Entra token for Azure DevOps; the credential keeps it until it ends.
func entraToken(ctx context.Context) (string, error) {
	credential, err := entraCredential()
	if err != nil {
		return "", err
	}
	token, err := credential.GetToken(ctx, policy.TokenRequestOptions{
		Scopes: []string{"499b84ac-1321-427f-aa17-267ca6975798/.default"},
	})
	if err != nil {
		return "", err
	}
	return token.Token, nil
}
"""
AZURE = """\
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
"""
URL = "https://dev.azure.com/fabrikam/_apis/projects"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_request_is_signed_and_what_is_unused_goes(newline: str) -> None:
    before = f"""\
package projects

import (
	"encoding/base64"
	"net/http"
	"os"
)

func Get() (*http.Response, error) {{
	req, err := http.NewRequest("GET", "{URL}", nil)
	if err != nil {{
		return nil, err
	}}
	pat := os.Getenv("ADO_PAT")
	encoded := base64.StdEncoding.EncodeToString([]byte(":" + pat))
	req.Header.Set("Authorization", "Basic "+encoded)
	return http.DefaultClient.Do(req)
}}
"""
    after = f"""\
package projects

import (
	"context"
	"net/http"
	"sync"

{AZURE})

func Get() (*http.Response, error) {{
	req, err := http.NewRequest("GET", "{URL}", nil)
	if err != nil {{
		return nil, err
	}}
	token, err := entraToken(context.Background())
	if err != nil {{
		return nil, err
	}}
	req.Header.Set("Authorization", "Bearer "+token)
	return http.DefaultClient.Do(req)
}}

{TOKEN}"""
    assert one("get.go", before.replace("\n", newline)) == after.replace("\n", newline)


RESULTS = {
    "error": "return err",
    "(*http.Response, error)": "return nil, err",
    "(string, int, bool, []byte, error)": 'return "", 0, false, nil, err',
    "(http.Response, error)": "return *new(http.Response), err",
    "(found, other http.Header, err error)": "return *new(http.Header), *new(http.Header), err",
}


@pytest.mark.parametrize("result", RESULTS)
def test_an_error_is_given_back(result: str) -> None:
    text = f"""\
package projects

import "net/http"

func sign(req *http.Request, adoPat string) {result} {{
	req.SetBasicAuth("", adoPat)
	return give(req)
}}
"""
    after = one("sign.go", text)
    assert (
        "	token, err := entraToken(req.Context())\n"
        "	if err != nil {\n"
        f"		{RESULTS[result]}\n"
        "	}\n"
        '	req.Header.Set("Authorization", "Bearer "+token)\n'
        "	return give(req)\n"
    ) in after
    assert after.startswith(
        'package projects\n\nimport (\n	"context"\n	"net/http"\n	"sync"\n\n' + AZURE + ")\n"
    )


def test_a_connection_in_a_test_with_a_context() -> None:
    text = """\
package projects

import (
	"context"
	"testing"

	"github.com/microsoft/azure-devops-go-api/azuredevops/v7"
)

func TestProjects(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	connection := azuredevops.NewPatConnection("https://dev.azure.com/fabrikam", pat)
	err := list(ctx, connection)
}
"""
    after = one("projects_test.go", text)
    assert (
        "	token, tokenErr := entraToken(ctx)\n"
        "	if tokenErr != nil {\n"
        "		t.Fatal(tokenErr)\n"
        "	}\n"
        '	connection := newEntraConnection("https://dev.azure.com/fabrikam", token)\n'
        "	err := list(ctx, connection)\n"
    ) in after
    assert after.count("azure-devops-go-api") == 1
    assert after.endswith(
        "func newEntraConnection(organizationURL, token string) *azuredevops.Connection {\n"
        "	connection := azuredevops.NewAnonymousConnection(organizationURL)\n"
        '	connection.AuthorizationString = "Bearer " + token\n'
        "	return connection\n"
        "}\n"
    )


def test_a_package_that_has_the_name_of_a_variable_gets_another() -> None:
    text = f"""\
package projects

import "net/http"

func sign(adoPat, policy string) error {{
	req, err := http.NewRequest(policy, "{URL}", nil)
	req.SetBasicAuth("", adoPat)
	return err
}}
"""
    after = one("sign.go", text)
    assert 'policy2 "github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"' in after
    assert "policy2.TokenRequestOptions{" in after


def _sign(name: str) -> str:
    return f"""\
package projects

import "net/http"

func {name}(req *http.Request, adoPat string) error {{
	req.SetBasicAuth("", adoPat)
	return nil
}}
"""


def test_a_package_defines_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"one.go": _sign("one"), "two.go": _sign("two"), "a_test.go": _sign("three"), "b.go": "package projects\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    new = fixed(files)
    assert [name for name in sorted(new) if "func entraToken(" in new[name]] == ["one.go"]
    assert all("entraToken(req.Context())" in new[name] for name in ("one.go", "two.go", "a_test.go"))
    # what a test defines is not there for others
    again = {"only_test.go": files["a_test.go"], "two.go": files["two.go"]}
    for name in files:
        (tmp_path / name).unlink()
    for name, text in again.items():
        (tmp_path / name).write_text(text)
    new = fixed(again)
    assert "func entraToken(" in new["two.go"]
    assert "func entraToken(" not in new["only_test.go"]


MANUAL = {
    "no way to report an error": (
        _sign("sign").replace(" error {", " {").replace("	return nil\n", ""),
        "no way to report",
    ),
    "a variable of the package": (
        (
            'package a\n\nimport "github.com/microsoft/azure-devops-go-api/azuredevops"\n\n'
            'var connection = azuredevops.NewPatConnection("https://dev.azure.com/fabrikam", adoPat)\n'
        ),
        "a statement of a function",
    ),
}


@pytest.mark.parametrize("case", MANUAL)
def test_is_left_to_a_person(case: str) -> None:
    text, reason = MANUAL[case]
    assert reason in refusals("a.go", text)


def test_a_variable_that_would_be_left_without_a_use_is_not() -> None:
    text = """\
package a

import "net/http"

func sign(req *http.Request) error {
	adoPat := ask("which?")
	req.SetBasicAuth("", adoPat)
	return nil
}
"""
    made = run_in_memory({"a.go": text.encode()})
    assert not made.texts
    assert any("adoPat would be left without a use" in note for note in made.notes)
