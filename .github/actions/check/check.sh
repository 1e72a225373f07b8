#!/usr/bin/env bash
# Installs the pat-audit that this action is part of, scans the workspace, and writes annotations, the job's summary
# and SARIF in one run. Takes AUDIT_PYTHON, AUDIT_PATHS and AUDIT_ARGUMENTS from the environment.
set -euo pipefail

# -I: nothing of the workspace is run, not even a pip.py at its root
home="$RUNNER_TEMP/pat-audit"
"$AUDIT_PYTHON" -I -m venv --clear "$home"
scripts="$home/bin"
[ -d "$scripts" ] || scripts="$home/Scripts"
"$scripts/python" -I -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH/../../.."

arguments=()
while IFS= read -r line; do
  [ -z "$line" ] || arguments+=("$line")
done <<< "$AUDIT_ARGUMENTS"
arguments+=(--)
while IFS= read -r line; do
  [ -z "$line" ] || arguments+=("$line")
done <<< "$AUDIT_PATHS"

code=0
"$scripts/pat-audit" check --output-format github --also "sarif=$home/pat-audit.sarif" \
  --also "markdown=$home/summary.md" "${arguments[@]}" || code=$?

echo "exit-code=$code" >> "$GITHUB_OUTPUT"
[ ! -f "$home/pat-audit.sarif" ] || echo "sarif-file=$home/pat-audit.sarif" >> "$GITHUB_OUTPUT"
[ ! -f "$home/summary.md" ] || cat "$home/summary.md" >> "$GITHUB_STEP_SUMMARY"
exit "$code"
