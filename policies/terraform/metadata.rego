# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result

# METADATA
# title: IMDSv2
# description: |
#   Instances ask the metadata service for a token first, or cannot reach it at all.
# custom:
#   id: terraform/imdsv2
#   row: IMDSv2
#   severity: error
#   fix: Set metadata_options.http_tokens to "required", or http_endpoint to "disabled".
deny contains result.violation("terraform/imdsv2", {
	"resource": plan.address(resource),
	"path": "metadata_options.0.http_tokens",
	"value": object.get(resource.change.after, ["metadata_options", 0, "http_tokens"], null),
	"limit": "required",
	"problem": "the metadata service answers without a token, or it is not known whether it does",
}) if {
	some resource in _instance_starters
	not _protects_metadata(resource)
}

# METADATA
# title: Metadata hop limit
# description: With one hop, containers cannot reach the metadata service through the node.
# custom:
#   id: terraform/metadata-hop-limit
#   row: IMDSv2
#   severity: warning
#   fix: Set metadata_options.http_put_response_hop_limit to 1.
warn contains result.violation("terraform/metadata-hop-limit", {
	"resource": plan.address(resource),
	"path": "metadata_options.0.http_put_response_hop_limit",
	"value": hops,
	"limit": 1,
	"problem": "containers can reach the metadata service of their node",
}) if {
	some resource in _instance_starters
	not _metadata_disabled(resource)
	hops := plan.number(resource, ["metadata_options", 0, "http_put_response_hop_limit"])
	hops > 1
}

_protects_metadata(resource) if plan.value(resource, ["metadata_options", 0, "http_tokens"]) == "required"

_protects_metadata(resource) if _metadata_disabled(resource)

# The template says so, and is judged itself.
_protects_metadata(instance) if {
	count(plan.block_numbers(instance, ["metadata_options"])) == 0
	count(_launch_templates(instance)) > 0
}

_metadata_disabled(resource) if plan.value(resource, ["metadata_options", 0, "http_endpoint"]) == "disabled"
