"""Shell programs: what is found in them, by the flow that leads there."""

from __future__ import annotations

import pytest
from programs import check, findings

ORG = "https://dev.azure.com/contoso"
URL = f"{ORG}/_apis/projects"


def checked(program: str, inventory: bool = False) -> None:
    """Assert that a shell program gives exactly what it is marked with."""
    check(program if program.startswith("# file:") else f"# file: sign-in.sh\n{program}", inventory)


HEADERS = {
    "printf": """printf ':%s' "$ADO_PAT" | base64 -w0""",
    "echo -n": """echo -n ":$ADO_PAT" | base64 -w 0""",
    "here-string, lines joined": """base64 <<< ":$ADO_PAT" | tr -d '\\n'""",
    "openssl": """printf ":${ADO_PAT}" | openssl base64 -A""",
    "lines joined by a filter that nobody knows": """echo -n "x:$ADO_PAT" | base64 | perl -pe 's/\\n//'""",
    "backticks": """echo `printf ":$ADO_PAT" | base64 -w0`""",
    "group": """{ printf ':'; printf '%s' "$ADO_PAT"; } | base64 -w0""",
}


@pytest.mark.parametrize("encoded", HEADERS.values(), ids=HEADERS)
def test_a_header_is_found_where_it_is_put_together(encoded: str) -> None:
    checked(f"""B64=$({encoded})
curl -H "Authorization: Basic $B64" {URL}  # <- PAT201 env:ADO_PAT {URL}
""")


CARRIED = {
    "variable": 'HEADER="Authorization: Basic $B64"  # <- PAT201 env:ADO_PAT {url}\ncurl -H "$HEADER" {url}\n',
    "array": 'O=(-s -H "Authorization: Basic ${B64}")  # <- PAT201 env:ADO_PAT {url}\ncurl "${O[@]}" {url}\n',
    "array that grows": "OPTIONS=(-s)\n\n\n"
    'OPTIONS+=(-H "Authorization: Basic $B64")  # <- PAT201 env:ADO_PAT {url}\ncurl ${OPTIONS[@]} {url}\n',
    "array that a branch fills": 'A=()\n\n\nif [ -n "$ADO_PAT" ]; then A=(-u ":$ADO_PAT"); fi\n\n\n'
    'curl "${A[@]}" {url}  # <- PAT203 env:ADO_PAT {url}\n',
    "array that each branch fills": 'if [ -n "$ADO_PAT" ]; then A=(-u ":$ADO_PAT")\nelse A=(--ntlm -s -u :)\nfi\n\n\n'
    'curl "${A[@]}" {url}  # <- PAT203 env:ADO_PAT {url}\n',
    "associative array": "declare -A headers\n"
    'headers[auth]="Authorization: Basic $B64"  # <- PAT201 env:ADO_PAT {url}\ncurl -H "${headers[auth]}" {url}\n',
    "text that is split": 'AUTH="-u :$ADO_PAT"\ncurl $AUTH {url}  # <- PAT203 env:ADO_PAT {url}\n',
    "eval": 'command="curl -u \':$ADO_PAT\' {url}"\neval "$command"  # <- PAT203 env:ADO_PAT {url}\n',
}


@pytest.mark.parametrize("program", CARRIED.values(), ids=CARRIED)
def test_what_is_carried_is_found(program: str) -> None:
    encoded = "B64=$(printf ':%s' \"$ADO_PAT\" | base64 -w0)\n\n\n\n" if "B64" in program else ""
    checked(encoded + program.replace("{url}", URL))


FUNCTIONS = {
    "parameter": f"""call() {{
  local token=$1 path="$2"
  curl -u ":$token" "{ORG}/_apis/$path"  # <- PAT203 env:ADO_PAT {URL}
}}
call "$ADO_PAT" projects
""",
    "shifted parameter": f"""call() {{
  local path="$1"; shift
  local token="$1"; shift
  curl -u ":$token" "{ORG}/_apis/$path"  # <- PAT203 env:ADO_PAT {URL}
}}
call projects "$ADO_PAT"
""",
    "all arguments": f"""call() {{
  curl --silent "$@" "{URL}"
}}
call -u ":$ADO_PAT"  # <- PAT203 env:ADO_PAT {URL}
""",
    "what it prints": f"""pair() {{
  echo >&2 "signing in"
  echo "x:$1"
}}



curl -u "$(pair "$ADO_PAT")" {URL}  # <- PAT203 env:ADO_PAT {URL}
""",
    "what it sets": f"""configure() {{
  SECRET="$ADO_PAT"
  local unused=1
}}
configure
curl -u ":$SECRET" {URL}  # <- PAT203 env:ADO_PAT {URL}
""",
    "what is piped through it": f"""encode() {{
  base64 | tr -d '\\n'
}}



B64=$(printf ":$ADO_PAT" | encode)
curl -H "Authorization: Basic $B64" {URL}  # <- PAT201 env:ADO_PAT {URL}
""",
}


@pytest.mark.parametrize("program", FUNCTIONS.values(), ids=FUNCTIONS)
def test_values_go_through_functions(program: str) -> None:
    checked(program)


def test_a_sourced_script_brings_its_functions_and_variables() -> None:
    checked(f"""# file: bin/run.sh
. "$(dirname "$0")/../lib/settings.sh"
source "${{BASH_SOURCE%/*}}/../lib/calls.sh"
call "$ADO_PAT"
# file: lib/settings.sh
organisation={ORG}
# file: lib/calls.sh
source lib/settings.sh
call() {{
  curl -u ":$1" "$organisation/_apis/projects"  # <- PAT203 env:ADO_PAT {URL}
}}
""")


def test_scripts_that_source_each_other_come_to_an_end() -> None:
    names = "abcdefghijklmnop"
    program = "".join(
        f"# file: {name}.sh\n" + "".join(f". ./{other}.sh\n" for other in names if other != name) for name in names
    )
    checked(f"""{program}# file: run.sh
. ./a.sh
curl -u ":$ADO_PAT" {URL}  # <- PAT203 env:ADO_PAT {URL}
""")


READ = {
    "environment, once": 'if [ -z "$ADO_PAT" ]; then  # <- PAT501/note env:ADO_PAT\n  exit 1\nfi\necho ${#ADO_PAT}\n',
    "with a default": "TOKEN=${ADO_PAT:-${OTHER}}  # <- PAT501/note env:ADO_PAT\n",
    "required": ': "${ADO_PAT:?set it}"  # <- PAT501/note env:ADO_PAT\n',
    "exported": "export AZURE_DEVOPS_EXT_PAT=$(cat x)  # <- PAT501/note env:AZURE_DEVOPS_EXT_PAT\n",
    "set for one command": "AZURE_DEVOPS_EXT_PAT=$1 az repos list  # <- PAT501/note env:AZURE_DEVOPS_EXT_PAT\n",
    "prompt": 'read -r -s -p "Token: " ado_pat  # <- PAT502/note prompt:ado_pat\n',
    "argument": 'ADO_PAT="$1"  # <- PAT502/note option:ADO_PAT\n',
    "long option": 'case "$1" in\n  -p|--ado-pat) TOKEN="$2" ;;  # <- PAT502/note option:ado-pat\nesac\n',
    "option with a value": 'for i in "$@"; do\n  case $i in\n'
    '    --ado-pat=*) TOKEN="${i#*=}" ;;  # <- PAT502/note option:ado-pat\n  esac\ndone\n',
    "getopts": "while getopts 'p:' letter; do\n  case $letter in\n"
    "    p) ADO_PAT=$OPTARG ;;  # <- PAT502/note option:ADO_PAT\n  esac\ndone\n",
    "option of a program": 'mytool --ado-pat "$(cat x)" run  # <- PAT401/note file:x\n',
    "file": "TOKEN=$(grep '^ADO_PAT=' .env | cut -d= -f2)  # <- PAT503/note file:ADO_PAT\n",
    "vault": "x=$(az keyvault secret show --vault-name v --name ado-pat -o tsv)  # <- PAT503/note vault:ado-pat\n",
    "keyring": "x=$(security find-generic-password -s ado-pat -w)  # <- PAT503/note keyring:ado-pat\n",
}


@pytest.mark.parametrize("program", READ.values(), ids=READ)
def test_reads_are_noted(program: str) -> None:
    checked(program, inventory=True)


WRITTEN = {
    "here-document": "cat > ~/.netrc <<EOF  # <- PAT504 env:ADO_PAT\nmachine dev.azure.com\npassword $ADO_PAT\nEOF\n",
    "echo": 'echo "//x/:_password=$ADO_PAT" >> ~/.npmrc  # <- PAT504 env:ADO_PAT\n',
    "tee": 'echo "$ADO_PAT" | tee token.txt  # <- PAT504 env:ADO_PAT\n',
    "group": '{\n  echo "$ADO_PAT"  # <- PAT504 env:ADO_PAT\n} > token.txt\n',
}


@pytest.mark.parametrize("program", WRITTEN.values(), ids=WRITTEN)
def test_files_that_are_written_are_found(program: str) -> None:
    checked(program)


PIPED = {
    "git credential approve": "git credential approve <<EOF  # <- PAT203 env:ADO_PAT\n"
    "protocol=https\nhost=dev.azure.com\npassword=$ADO_PAT\nEOF\n",
    "curl's configuration": f'curl -K - {URL} <<< "user = \\":$ADO_PAT\\""  # <- PAT203 env:ADO_PAT {URL}\n',
    "az devops login": f'echo "$ADO_PAT" | az devops login --organization {ORG}  # <- PAT203 env:ADO_PAT {ORG}\n',
    "wrapped": f'sudo -E timeout 30 curl -u ":$ADO_PAT" {URL}  # <- PAT203 env:ADO_PAT {URL}\n',
    "credential helper": "git config credential.helper"
    " '!f() { echo \"password=$ADO_PAT\"; }; f'  # <- PAT203 env:ADO_PAT\n",
    "another shell, its own variable": f"bash -c 'curl -u :$ADO_PAT {URL}'  # <- PAT203 env:ADO_PAT {URL}\n",
    "another shell": f'bash -c "curl -u :$ADO_PAT {URL}"  # <- PAT203 env:ADO_PAT {URL}\n',
}


@pytest.mark.parametrize("program", PIPED.values(), ids=PIPED)
def test_what_programs_are_handed_is_found(program: str) -> None:
    checked(program)


SILENT = {
    "Entra": f'T=$(az account get-access-token --query accessToken -o tsv)\ncurl -u ":$T" {URL}\n',
    "job token": f'curl -u ":$SYSTEM_ACCESSTOKEN" {URL}\n',
    "exported job token": 'export AZURE_DEVOPS_EXT_PAT="$SYSTEM_ACCESSTOKEN"\n',
    "exported Entra token": "export AZURE_DEVOPS_EXT_PAT=$(az account get-access-token --query accessToken -o tsv)\n",
    "Windows authentication": "curl --negotiate -u : https://tfs.corp.local/tfs/DefaultCollection/_apis/projects\n",
    "a service of one's own": 'curl -u "$ES_USER:$ES_PASSWORD" http://elasticsearch:9200/\n',
    "printed to the terminal": 'echo "token: $ADO_PAT" >&2\n',
    "discarded": 'echo "$ADO_PAT" > /dev/null\n',
    "base64 of a file": "base64 < picture.png | curl -d @- https://example.com/\n",
    "a comment": f'# curl -u ":$ADO_PAT" {URL}\n',
    "a quoted here-document": f"cat <<'EOF'\ncurl -u \":$ADO_PAT\" {URL}\nEOF\n",
}


@pytest.mark.parametrize("program", SILENT.values(), ids=SILENT)
def test_look_alikes_are_silent(program: str) -> None:
    assert findings(f"# file: sign-in.sh\n{program}") == []


def test_a_wrapping_encoder_is_named_beside_the_header() -> None:
    program = f'# file: a.sh\ncurl -H "Authorization: Basic $(echo ":$ADO_PAT" | base64)" {URL}\n'
    (found,) = findings(program)
    assert (found.rule, "PAT601" in found.also) == ("PAT201", True)
