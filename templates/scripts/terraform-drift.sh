#!/usr/bin/env bash
# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# Compares each stack of one environment with what is deployed, and writes a summary of each that differs.
#
#   PLATFORM_ENVIRONMENT=dev STACKS="network cluster" bash scripts/terraform-drift.sh SUMMARY_DIRECTORY
#
# A stack that a deployment works on meanwhile is left to the next comparison: what is half applied is not drift.
#
# Ends with 2 if anything differs, and with 1 if Terraform fails or a lock was left behind. The log gets addresses and actions; what Terraform says when it
# fails is among the summaries, encrypted.
set -euo pipefail

summaries="${1:?where do the summaries go?}"
environment="${PLATFORM_ENVIRONMENT:?}"
read -r -a stacks <<< "${STACKS:?}"

work="$(mktemp -d)"
mkdir -p "$summaries"
finish() {
  if [[ "$?" -eq 1 && -s "$work/messages" ]]; then
    node scripts/keep-state.mjs seal "$environment" "$work/messages" "$summaries/$environment-messages.encrypted" ||
      echo "::warning::Terraform's messages could not be kept: may this role encrypt? Is the bootstrap stack up to date?"
  fi
  rm -rf "$work"
}
trap finish EXIT

drifted=0
for stack in "${stacks[@]}"; do
  directory="cdktf.out/stacks/$environment-$stack"
  TF=terraform node scripts/init-stack.mjs "$environment-$stack" -no-color
  # The role that compares may not write, and so cannot take the lock; it sees who has it.
  before="$(node scripts/state-object.mjs "$environment-$stack")" || {
    printf "### \`%s\`\n\nA lock was left behind, or the state could not be looked at: docs/operations.md, \"State and locks\".\n" \
      "$environment-$stack" | tee "$summaries/$environment-$stack.md"
    exit 1
  }
  if [[ "$before" == locked* ]]; then
    echo "::notice::$environment-$stack is being deployed: it is compared the next time."
    continue
  fi
  # -detailed-exitcode: 0 means no difference, 2 a difference, anything else a failure.
  code=0
  terraform -chdir="$directory" plan -json -input=false -lock=false -detailed-exitcode -out="$work/plan" 2>&1 |
    node scripts/terraform-log.mjs "$work/messages" || code=$?
  if [[ "$code" -ne 0 && "$(node scripts/state-object.mjs "$environment-$stack")" != "$before" ]]; then
    echo "::notice::$environment-$stack was deployed while it was compared: it is compared the next time."
    continue
  fi
  case "$code" in
    0) echo "$environment-$stack: no difference" ;;
    2)
      terraform -chdir="$directory" show -json "$work/plan" > "$work/plan.json"
      node scripts/plan-summary.mjs "$environment-$stack" "$work/plan.json" > "$summaries/$environment-$stack.md"
      if [[ "$stack" == bootstrap ]]; then
        printf "\nAn administrator applies this stack: \`bash scripts/bootstrap.sh %s\`, see docs/operations.md.\n" \
          "$environment" >> "$summaries/$environment-$stack.md"
      fi
      cat "$summaries/$environment-$stack.md"
      drifted=2
      ;;
    *)
      echo "::error::Terraform could not compare $environment-$stack (exit code $code)."
      exit 1
      ;;
  esac
done
if [[ "$drifted" -ne 0 ]]; then
  exit 2
fi
