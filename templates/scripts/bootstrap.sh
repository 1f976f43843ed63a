#!/usr/bin/env bash
# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# Applies or destroys the bootstrap stack of one environment, which makes the bucket that holds its own state.
#
#   TF=terraform bash scripts/bootstrap.sh ENVIRONMENT [destroy]
#
# Plans, evaluates the policies on that plan, and applies exactly that plan. Before the bucket exists, and before it is
# destroyed, the state is a local file: terraform.ENVIRONMENT-bootstrap.tfstate. It moves into the bucket after the first
# apply; a run that dies before that is taken up again from the file.
set -euo pipefail

environment="${1:?which environment?}"
action="${2:-apply}"
tf="${TF:-terraform}"
stack="cdktf.out/stacks/$environment-bootstrap"
local_state="terraform.$environment-bootstrap.tfstate"
override="$stack/backend_override.tf.json"
if [[ ! -d "$stack" || ! "$action" =~ ^(apply|destroy)$ ]]; then
  echo "usage: bootstrap.sh ENVIRONMENT [destroy], after npx projen synth" >&2
  exit 2
fi

work="$(mktemp -d)"
trap 'rm -rf "$work" "$override"' EXIT

backend() {
  node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8")).terraform.backend.s3[process.argv[2]]' "$stack/cdk.tf.json" "$1"
}
bucket="$(backend bucket)"
key="$(backend key)"
region="$(backend region)"

# Whether something is there; what AWS refuses to tell is an error, and not a no.
exists() {
  local answer
  if answer="$(aws s3api "$@" --region "$region" 2>&1)"; then
    return 0
  fi
  if [[ "$answer" == *"(404)"* ]]; then
    return 1
  fi
  echo "bootstrap.sh: $answer" >&2
  exit 1
}
has_bucket=false
has_state=false
if exists head-bucket --bucket "$bucket"; then
  has_bucket=true
  if exists head-object --bucket "$bucket" --key "$key"; then
    has_state=true
  fi
fi
if [[ "$has_state" == true && -f "$local_state" ]]; then
  echo "bootstrap.sh: there are two states: $local_state, and $key in $bucket. Remove the one that is not of the last apply." >&2
  exit 1
fi
if [[ "$has_bucket" == true && "$has_state" == false && ! -f "$local_state" ]]; then
  echo "bootstrap.sh: $bucket exists, and no state of what made it: fetch $local_state from who applied this stack last." >&2
  exit 1
fi

run() {
  "$tf" -chdir="$stack" "$@"
}
initialize() {
  TF="$tf" node scripts/init-stack.mjs "${stack##*/}" "$@"
}
keep_locally() {
  printf '{"terraform":{"backend":{"local":{"path":"../../../%s"}}}}\n' "$local_state" > "$override"
}

if [[ "$action" == destroy ]]; then
  if [[ "$has_state" == true ]]; then
    initialize -reconfigure
    run state pull > "$work/state"
    mv "$work/state" "$local_state"
    # The bucket keeps its versions.
    aws s3api delete-object --bucket "$bucket" --key "$key" --region "$region" > /dev/null
  fi
  keep_locally
  initialize -reconfigure
  run destroy
  exit
fi

if [[ "$has_state" == false ]]; then
  keep_locally
fi
initialize -reconfigure
run plan -input=false -out="$work/plan"
run show -json "$work/plan" > "$work/plan.json"
npx projen policy --stack "${stack##*/}" "$work/plan.json"
run apply -input=false "$work/plan"
if [[ "$has_state" == false ]]; then
  rm "$override"
  initialize -migrate-state -force-copy
  rm "$local_state"
  echo "The state is now $key in $bucket."
fi
