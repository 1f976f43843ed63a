#!/usr/bin/env bash
# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# Deploys stacks of one environment. Plans all of them, computes from the plans in which order they are applied, and then for
# each step: plans again, evaluates the policies on that plan, and applies exactly that plan, or first what it adds and changes.
#
#   PLATFORM_ENVIRONMENT=dev STACKS="network cluster" [LATER_STACKS=workloads] bash scripts/terraform-apply.sh KEPT_STATE_DIRECTORY
#
# With APPROVED_PLAN, such as prod:<digest>, it applies that plan, which scripts/terraform-plan.sh saved. A plan of it that is not
# current any more is made again, and in production applied only if it does nothing that was not approved. There nothing is applied
# without one, unless its roles are of an earlier version and save none yet.
#
# Another job applies LATER_STACKS after this one. This one ends where the order comes to them, and tells GitHub the stacks that have
# steps left after that, as the output `deferred`: they are among the STACKS of the other job. The output `taken` says that the
# approved plan was the newest one: if this fails afterwards, what is left needs another.
#
# Stops at the first step whose plan fails, is denied, will be refused by EKS, needs what is not deployed, or cannot be applied. What Terraform said is then
# in the given directory, encrypted, and so is state that could not be written to its bucket; docs/operations.md says how to open
# and push it. The log gets addresses and actions.
set -euo pipefail

kept="${1:?where does state go that cannot be written?}"
environment="${PLATFORM_ENVIRONMENT:?}"
read -r -a stacks <<< "${STACKS:?}"
read -r -a later <<< "${LATER_STACKS:-}"

work="$(mktemp -d)"
finish() {
  if [[ "$?" -ne 0 && -s "$work/messages" ]]; then
    node scripts/keep-state.mjs keep "$work/data-key" "$work/messages" "$kept/$environment-messages.encrypted" ||
      echo "::warning::Terraform's messages could not be kept: may this role encrypt? Is the bootstrap stack up to date?"
  fi
  rm -rf "$work"
}
trap finish EXIT

mkdir -p "$kept"
node scripts/keep-state.mjs prepare "$environment" "$work/data-key"
# Terraform's messages hold values.
without_values() {
  node scripts/terraform-log.mjs "$work/messages"
}

# A policy's message names the value that it judges: the log gets the summary.
judge() {
  local verdict=0
  node node_modules/ray-platform/bin/ray-platform policy --json --stack "$1" - < "$2" > "$work/policy.json" || verdict=$?
  node scripts/plan-summary.mjs "$1" "$2" "$work/policy.json"
  if [[ "$verdict" -ne 0 ]]; then
    cat "$work/policy.json" >> "$work/messages"
    echo "::error::The policies deny the plan of $1 (exit code $verdict)."
    return "$verdict"
  fi
  node scripts/refused-by-eks.mjs "$1" "$2"
}

approved="$work/approved"
node scripts/plan-store.mjs fetch "${APPROVED_PLAN:-}" "$approved"
if [[ ! -d "$approved" ]]; then
  approved=""
elif [[ -n "${GITHUB_OUTPUT:-}" ]]; then
  # The newest plan is spent, however this ends: if it fails, people need another one to approve.
  echo "taken=true" >> "$GITHUB_OUTPUT"
fi

# Plans a stack into the file $2, and shows the plan; $3 says what is locked, and what follows is for Terraform.
plan() {
  local name="$1" file="$2"
  terraform -chdir="cdktf.out/stacks/$name" plan -json -input=false "$3" -out="$file" "${@:4}" 2>&1 < /dev/null | without_values
  terraform -chdir="cdktf.out/stacks/$name" show -json "$file" > "$file.json"
}

# The same, but for an approved plan that is current: then the file is that plan.
plan_or_approved() {
  local name="$1" file="$2" reason
  if [[ -z "$approved" ]]; then
    plan "$@"
    return
  fi
  reason="$(node scripts/plan-store.mjs outdated "$name" "$approved")"
  if [[ -z "$reason" ]]; then
    cp "$approved/$name.tfplan" "$file"
    cp "$approved/$name.json" "$file.json"
    return
  fi
  echo "::notice::The plan of $name is made again: $reason."
  plan "$@"
}

names=()
for stack in "${stacks[@]}"; do
  name="$environment-$stack"
  names+=("$name")
  TF=terraform node scripts/init-stack.mjs "$name" -no-color
  if [[ -n "$approved" && -f "$approved/$name.tfplan" ]]; then
    terraform -chdir="cdktf.out/stacks/$name" show -json "$approved/$name.tfplan" > "$approved/$name.json"
  fi
  # Without a plan it comes after the stacks that it reads.
  if [[ -z "$(node scripts/awaited-stacks.mjs "$name")" ]]; then
    plan_or_approved "$name" "$work/$name" -lock=false
    # Before anything is applied: what comes first would be deployed for nothing.
    node scripts/refused-by-eks.mjs "$name" "$work/$name.json"
  fi
done

# Nothing is known of what comes later: it may use all that is to be deleted.
node node_modules/ray-platform/bin/ray-platform order --plans "$work" "${names[@]}" "${later[@]/#/$environment-}" > "$work/all"
: > "$work/order"
deferred=()
own=true
while read -r -a step; do
  if [[ " ${names[*]} " != *" ${step[1]} "* ]]; then
    own=false
  elif [[ "$own" == true ]]; then
    echo "${step[*]}" >> "$work/order"
  else
    deferred+=("${step[1]#"$environment-"}")
  fi
done < "$work/all"
if [[ -n "${GITHUB_OUTPUT:-}" ]]; then
  echo "deferred=${deferred[*]}" >> "$GITHUB_OUTPUT"
fi
echo "Steps:"
cat "$work/order"
if [[ "${#deferred[@]}" -gt 0 ]]; then
  echo "After ${later[*]}, by the job that applies them: what is to be deleted of ${deferred[*]}."
fi
while read -r -a step; do
  name="${step[1]}"
  targets=("${step[@]:2}")
  planned="$work/plan"
  plan_or_approved "$name" "$planned" -lock-timeout=10m
  node scripts/stand-ins.mjs "$work/plan.json"
  if [[ -n "$approved" ]]; then
    node scripts/plan-store.mjs compare "$name" "$work/plan.json" "$approved"
  fi
  judge "$name" "$work/plan.json"
  if [[ "${#targets[@]}" -gt 0 ]]; then
    # The policies judge whole plans alone. A part of one is applied if it does nothing that the whole does not.
    planned="$work/part"
    plan "$name" "$planned" -lock-timeout=10m "${targets[@]}"
    node scripts/partial-plan.mjs "$planned.json" "$work/plan.json"
  fi
  code=0
  terraform -chdir="cdktf.out/stacks/$name" apply -json -input=false -lock-timeout=10m "$planned" 2>&1 < /dev/null |
    without_values || code=$?
  # Terraform leaves this file when it could not write the state; without it nobody knows what exists.
  errored="cdktf.out/stacks/$name/errored.tfstate"
  if [[ -f "$errored" ]]; then
    node scripts/keep-state.mjs keep "$work/data-key" "$errored" "$kept/$name.tfstate.encrypted"
    echo "::error::The state of $name could not be written, and is kept: see \"When a run dies\" in docs/operations.md."
  fi
  if [[ "$code" -ne 0 ]]; then
    exit "$code"
  fi
done < "$work/order"
