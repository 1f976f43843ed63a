#!/usr/bin/env bash
# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# For each stack of one environment, in order: plans, evaluates the policies on that plan, and applies exactly that plan.
#
#   PLATFORM_ENVIRONMENT=dev STACKS="network cluster" bash scripts/terraform-apply.sh
#
# Stops at the first stack whose plan fails, is denied, or cannot be applied.
set -euo pipefail

environment="${PLATFORM_ENVIRONMENT:?}"
read -r -a stacks <<< "${STACKS:?}"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

for stack in "${stacks[@]}"; do
  directory="cdktf.out/stacks/$environment-$stack"
  terraform -chdir="$directory" init -input=false -no-color
  terraform -chdir="$directory" plan -input=false -no-color -lock-timeout=10m -out="$work/$stack"
  terraform -chdir="$directory" show -json "$work/$stack" > "$work/plan.json"
  node node_modules/ray-platform/bin/ray-platform policy - < "$work/plan.json"
  terraform -chdir="$directory" apply -input=false -no-color -lock-timeout=10m "$work/$stack"
done
