"""Go programs that say on their own lines what must be found there (see `programs`)."""

from __future__ import annotations

import pytest
from programs import check

NET = 'package p\n\nimport (\n\t"encoding/base64"\n\t"fmt"\n\t"net/http"\n\t"os"\n\t"strings"\n)\n\n'
URL = "https://dev.azure.com/contoso/_apis/projects"


def go(body: str) -> str:
    """A file with the imports that most need; its lines are those of `body`, ten further down."""
    return "// file: client/main.go\n" + NET + body.replace("URL", f'"{URL}"')


@pytest.mark.parametrize(
    "made",
    [
        '"Basic " + base64.StdEncoding.EncodeToString([]byte(":" + pat))',
        'fmt.Sprintf("Basic %s", base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf(":%v", pat))))',
        'fmt.Sprint("Basic ", base64.StdEncoding.EncodeToString([]byte(strings.Join([]string{"", pat}, ":"))))',
        '"Basic " + base64.StdEncoding.EncodeToString([]byte(":" + strings.TrimSpace(string([]byte(pat)))))',
        'strings.ReplaceAll("Basic TOKEN", "TOKEN", base64.StdEncoding.EncodeToString([]byte(":" + pat)))',
    ],
    ids=["concatenation", "Sprintf", "Join", "conversion", "ReplaceAll"],
)
def test_text_is_built(made: str) -> None:
    check(
        go(f"""
func f(pat string) {{
	req, _ := http.NewRequest("GET", URL, nil)
	req.Header.Set("Authorization", {made}) // <- PAT201 parameter:pat {URL}
	http.DefaultClient.Do(req)
}}
""")
    )


def test_a_builder_gathers_text() -> None:
    check(
        go("""
func f(pat string) {
	var b strings.Builder
	b.WriteString("Basic ")
	b.WriteString(base64.StdEncoding.EncodeToString([]byte(":" + pat))) // <- PAT201 parameter:pat
	req, _ := http.NewRequest("GET", URL, nil)
	req.Header.Set("Authorization", b.String())
	http.DefaultClient.Do(req)
}
""")
    )


def test_a_value_goes_through_the_fields_of_a_literal_and_a_method() -> None:
    check(
        go("""
type client struct {
	url, token string
}

func newClient(token string) *client {
	return &client{url: URL, token: token}
}

func (c *client) projects() {
	req, err := http.NewRequest("GET", c.url, nil)
	if err != nil {
		return
	}
	req.SetBasicAuth("", c.token) // <- PAT202 env:ADO_PAT https://dev.azure.com/contoso/_apis/projects
	http.DefaultClient.Do(req)
}

func main() {
	newClient(os.Getenv("ADO_PAT")).projects()
}
""")
    )


def test_embedded_types_lend_their_fields_and_methods() -> None:
    check(
        go("""
type base struct{ pat string }

func (b *base) sign(req *http.Request) {
	req.SetBasicAuth("", b.pat) // <- PAT202 attribute:pat
}

type client struct {
	*base
	url string
}

func (c *client) projects() {
	req, _ := http.NewRequest("GET", URL, nil)
	c.sign(req)
	http.DefaultClient.Do(req)
}
""")
    )


def test_results_are_taken_apart() -> None:
    check(
        go("""
func token() (pat string, err error) {
	pat, ok := os.LookupEnv("ADO_PAT")
	if !ok {
		err = fmt.Errorf("none")
	}
	return
}

func request() (*http.Request, error) {
	return http.NewRequest("GET", URL, nil)
}

func main() {
	pat, err := token()
	req, err := request()
	if err == nil {
		req.SetBasicAuth("", pat) // <- PAT202 env:ADO_PAT https://dev.azure.com/contoso/_apis/projects
	}
	http.DefaultClient.Do(req)
}
""")
    )


@pytest.mark.parametrize(
    "use",
    [
        'if pat := token; pat != "" { sign(pat) }',
        "for _, pat := range []string{token} { sign(pat) }",
        'for _, pat := range map[string]string{"a": token} { sign(pat) }',
        'switch pat := token; { case pat != "": sign(pat) }',
        "switch pat := any(token).(type) { case string: sign(pat) }",
        "go func(pat string) { sign(pat) }(token)",
        "defer func() { sign(token) }()",
        "select { case <-done: default: sign(token) }",
        "func() { if len(token) > 0 { sign(token) } else { return } }()",
    ],
)
def test_values_pass_through_statements(use: str) -> None:
    check(
        go(f"""
func sign(token string) {{
	req, _ := http.NewRequest("GET", URL, nil)
	req.SetBasicAuth("", token) // <- PAT202 env:ADO_PAT {URL}
	http.DefaultClient.Do(req)
}}

func main() {{
	token := os.Getenv("ADO_PAT")
	{use}
}}
""")
    )


def test_a_variable_of_the_package_is_set_by_a_flag() -> None:
    check(
        """// file: main.go
package main

import (
	"flag"

	"github.com/microsoft/azure-devops-go-api/azuredevops"
)

var pat string

func init() {
	flag.StringVar(&pat, "pat", "", "a PAT") // <- PAT502/note option:pat
}

func main() {
	flag.Parse()
	azuredevops.NewPatConnection("https://dev.azure.com/contoso", pat) // <- PAT202 option:pat
}
""",
        inventory=True,
    )


FILES = """// file: go.mod
module example.com/contoso/tool/v2

go 1.22
// file: client/client.go
package client

import "net/http"

// Client speaks to https://dev.azure.com/contoso.
type Client struct {
	pat string
}

// New makes one.
func New(pat string) *Client { return &Client{pat: pat} }

func (c *Client) Projects() {
	req, _ := http.NewRequest("GET", "https://dev.azure.com/contoso/_apis/projects", nil)
	c.sign(req)
	http.DefaultClient.Do(req)
}
// file: client/sign.go
package client

import "net/http"

func (c *Client) sign(req *http.Request) {
	req.SetBasicAuth("", c.pat) // <- PAT202 env:ADO_PAT https://dev.azure.com/contoso/_apis/projects
}
// file: main.go
package main

import (
	"os"

	"example.com/contoso/tool/v2/client"
)

func main() {
	client.New(os.Getenv("ADO_PAT")).Projects()
}
"""


def test_methods_of_one_type_stand_in_several_files_of_a_package() -> None:
    check(FILES)


def test_a_package_is_found_without_a_module_by_the_end_of_its_path() -> None:
    older = FILES.partition("// file: client/client.go")
    check((older[1] + older[2]).replace("example.com/contoso/tool/v2", "example.com/contoso/tool"))


def test_names_of_a_package_are_seen_in_all_its_files() -> None:
    check("""// file: settings.go
package main

import "os"

var token = os.Getenv("ADO_PAT")
// file: main.go
package main

import "github.com/microsoft/azure-devops-go-api/azuredevops/v7"

func main() {
	azuredevops.NewPatConnection("https://dev.azure.com/contoso", token) // <- PAT202 env:ADO_PAT
}
""")


def test_what_a_helper_does_to_a_request_is_known_to_its_caller() -> None:
    check(
        go("""
func sign(req *http.Request, value string) {
	req.Header.Add("Authorization", value)
}

func f(token string) {
	req, _ := http.NewRequest("GET", URL, nil)
	sign(req, "Basic "+base64.StdEncoding.EncodeToString([]byte(":"+token))) // <- PAT201 parameter:token
	http.DefaultClient.Do(req)
}
""")
    )


def test_a_file_that_imports_github_libraries_is_not_about_github() -> None:
    check("""// file: token.go
package p

import (
	"github.com/contoso/orders"
	"github.com/go-resty/resty/v2"
	"github.com/spf13/cobra"
)

func f(user, password string) {
	resty.New().R().SetBasicAuth(user, password).Get("https://orders.contoso.example/")
}
""")


def test_users_and_passwords_for_others_are_silent() -> None:
    check(
        go("""
type scaler struct{ host, user, password, apiKey string }

func (s *scaler) solr() {
	req, _ := http.NewRequest("GET", s.host+"/solr/orders/select", nil)
	req.SetBasicAuth(s.user, s.password)
	http.DefaultClient.Do(req)
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(s.user+":"+s.password)))
	dsn := base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("%s:%s@tcp(%s:3306)/x", s.user, s.password, s.host)))
	req.Header.Set("X-Data", dsn)
}
""")
    )


def test_a_field_is_named_by_the_field_around_it_too() -> None:
    check(
        """// file: main.go
package main

import (
	"os"
	"strings"
)

type options struct {
	AzureDevops struct {
		AccessToken string
		File        string
	}
}

var opts options

func main() {
	if data, err := os.ReadFile(opts.AzureDevops.File); err == nil { // <- PAT503/note file:AzureDevops_AccessToken
		opts.AzureDevops.AccessToken = strings.TrimSpace(string(data))
	}
}
""",
        inventory=True,
    )


def test_transports_that_sign_in_are_known_by_their_name() -> None:
    check("""// file: main.go
package main

import (
	"os"

	"github.com/contoso/go-azdo/azuredevops"
)

func client() *azuredevops.Client {
	transport := azuredevops.BasicAuthTransport{Username: "", Password: os.Getenv("ADO_PAT")} // <- PAT202 env:ADO_PAT
	return azuredevops.NewClient(transport.Client())
}
""")


@pytest.mark.parametrize(
    ("given", "credential"),
    [("_, pat := pair()", "unknown:pat"), ("pat, _ := pair()", "unknown:pat")],
)
def test_a_result_that_nobody_knows_is_called_by_its_name(given: str, credential: str) -> None:
    check(
        go(f"""
func f() {{
	{given}
	req, _ := http.NewRequest("GET", URL, nil)
	req.SetBasicAuth("", pat) // <- PAT202 {credential}
	http.DefaultClient.Do(req)
}}
""")
    )
