#!/usr/bin/env bash
# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# Plans each stack of one environment, evaluates the policies on the plan, and writes a summary per stack.
# The plan itself stays in a temporary directory: it can hold secrets. So can Terraform's messages: the log gets addresses and
# actions, and if anything fails the summaries get the messages, encrypted (docs/operations.md, "When a run fails").
#
#   PLATFORM_ENVIRONMENT=dev STACKS="network cluster" [SAVE_PLANS=true] bash scripts/terraform-plan.sh SUMMARY_DIRECTORY
#
# With SAVE_PLANS the plans are saved where the apply role alone reads them, unless a policy denies one (scripts/plan-store.mjs).
#
# Ends with 1 if a policy denies a plan or EKS will refuse it, and with Terraform's own code if Terraform fails.
set -euo pipefail

summaries="${1:?where do the summaries go?}"
environment="${PLATFORM_ENVIRONMENT:?}"
read -r -a stacks <<< "${STACKS:?}"

work="$(mktemp -d)"
plans="$work/plans"
mkdir -p "$summaries" "$plans"
finish() {
  if [[ "$?" -ne 0 && -s "$work/messages" ]]; then
    node scripts/keep-state.mjs seal "$environment" "$work/messages" "$summaries/$environment-messages.encrypted" ||
      echo "::warning::Terraform's messages could not be kept: may this role encrypt? Is the bootstrap stack up to date?"
  fi
  rm -rf "$work"
}
trap finish EXIT

denied=0
rehearsed=false
for stack in "${stacks[@]}"; do
  directory="cdktf.out/stacks/$environment-$stack"
  # What it reads of a stack that is not deployed yet can only be known when it is.
  awaited="$(node scripts/awaited-stacks.mjs "$environment-$stack")"
  if [[ -n "$awaited" ]]; then
    if [[ "$rehearsed" == false ]]; then
      node node_modules/ray-platform/bin/ray-platform rehearse --offline --from none
      rehearsed=true
    fi
    printf "### \`%s\`\n\nWaits for %s, not deployed yet. Until then it is validated and rehearsed offline.\n" \
      "$environment-$stack" "${awaited//$'\n'/, }" | tee "$summaries/$environment-$stack.md"
    printf '{"awaits":["%s"]}' "${awaited//$'\n'/\",\"}" > "$plans/$environment-$stack.json"
    continue
  fi
  TF=terraform node scripts/init-stack.mjs "$environment-$stack" -no-color
  planned="$plans/$environment-$stack.tfplan"
  if [[ "${SAVE_PLANS:-}" == true ]]; then
    # Before the plan: of a state that changes meanwhile it must not be said that the plan is of it.
    node scripts/plan-store.mjs facts "$environment-$stack" > "$plans/$environment-$stack.json"
  fi
  # The plan role may not write, and so cannot take the lock.
  terraform -chdir="$directory" plan -json -input=false -lock=false -out="$planned" 2>&1 |
    node scripts/terraform-log.mjs "$work/messages"
  terraform -chdir="$directory" show -json "$planned" > "$work/plan.json"
  verdict=0
  node node_modules/ray-platform/bin/ray-platform policy --json --stack "$environment-$stack" - \
    < "$work/plan.json" > "$work/policy.json" || verdict=$?
  node scripts/plan-summary.mjs "$environment-$stack" "$work/plan.json" "$work/policy.json" > "$summaries/$environment-$stack.md"
  cat "$summaries/$environment-$stack.md"
  if [[ "$verdict" -ne 0 ]]; then
    echo "::error::The policies deny the plan of $environment-$stack (exit code $verdict)."
    cat "$work/policy.json" >> "$work/messages"
    denied=1
  fi
  node scripts/refused-by-eks.mjs "$environment-$stack" "$work/plan.json" || denied=1
done
if [[ "$denied" -ne 0 ]]; then
  exit 1
fi
if [[ "${SAVE_PLANS:-}" == true ]]; then
  node scripts/plan-store.mjs save "$plans"
fi
