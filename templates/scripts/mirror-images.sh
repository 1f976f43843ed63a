#!/usr/bin/env bash
# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# Copies every image that an environment runs from its own registry into the environment's ECR. What is there already is
# left alone, so a second run copies only what is new. Tags in the mirror cannot be overwritten. Of an image whose digest is
# known nothing else is copied, and what the mirror has under its tag must be it.
#
#   bash scripts/mirror-images.sh ENVIRONMENT
#
# Needs node, aws with credentials that may push, and skopeo. Ends with 1 if an image cannot be copied.
set -euo pipefail

if [[ $# -ne 1 || "$1" == -* ]]; then
  echo "usage: bash scripts/mirror-images.sh ENVIRONMENT" >&2
  exit 2
fi
environment="$1"
for tool in node aws skopeo; do
  if ! command -v "$tool" > /dev/null; then
    echo "mirror-images.sh needs $tool, which is not on the path." >&2
    exit 1
  fi
done

read -r region registry prefix < <(node scripts/mirror-images-list.mjs registry "$environment")
if [[ "$registry" == "-" ]]; then
  account="$(aws sts get-caller-identity --query Account --output text)"
  host="$account.dkr.ecr.$region.amazonaws.com"
  registry="$host/$prefix"
else
  host="${registry%%/*}"
fi

authfile="$(mktemp)"
manifest="$(mktemp)"
trap 'rm -f "$authfile" "$manifest"' EXIT
echo '{}' > "$authfile"
if [[ "$host" == *.dkr.ecr.*.amazonaws.com ]]; then
  aws ecr get-login-password --region "$region" | skopeo login --authfile "$authfile" --username AWS --password-stdin "$host"
fi

images="$(node scripts/mirror-images-list.mjs images "$environment")"
failed=0
while read -r source target digest; do
  destination="$registry/$target"
  if skopeo inspect --authfile "$authfile" --raw "docker://$destination" > "$manifest" 2> /dev/null; then
    there="sha256:$(sha256sum < "$manifest" | cut -d " " -f 1)"
    if [[ "$digest" == "-" || "$digest" == "$there" ]]; then
      echo "there     $destination"
    else
      echo "other     $destination is $there, not $digest: find out why, and delete it from the mirror" >&2
      failed=1
    fi
  elif skopeo copy --authfile "$authfile" --all --preserve-digests --retry-times 3 "docker://$source" "docker://$destination"; then
    echo "copied    $destination"
  else
    echo "failed    $source" >&2
    failed=1
  fi
done <<< "$images"
exit "$failed"
