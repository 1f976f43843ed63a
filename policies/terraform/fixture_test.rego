# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

# A plan that the policy allows: one cluster, one CPU group and its launch template.
plan := {
	"format_version": "1.2",
	"complete": true,
	"errored": false,
	"variables": {"region": {"value": "us-east-1"}},
	"configuration": {"provider_config": {"aws": {"name": "aws", "expressions": {"region": {"references": ["var.region"]}}}}},
	"resource_changes": [cluster, template, group],
}

cluster := resource("aws_eks_cluster", {
	"enabled_cluster_log_types": ["api", "audit"],
	"tags_all": tags,
	"vpc_config": [{"endpoint_private_access": true, "endpoint_public_access": false}],
})

template := resource("aws_launch_template", {
	"name": "nodes",
	"tags_all": tags,
	"block_device_mappings": [{"device_name": "/dev/xvda", "ebs": [{"encrypted": "true", "volume_size": 100}]}],
	"metadata_options": [{"http_tokens": "required", "http_put_response_hop_limit": 1}],
})

group := resource("aws_eks_node_group", {
	"instance_types": ["m5.xlarge"],
	"tags_all": tags,
	"scaling_config": [{"min_size": 0, "max_size": 5, "desired_size": 1}],
	"taint": [],
	"launch_template": [{"name": "nodes"}],
	"subnet_ids": ["subnet-0a"],
})

tags := {"ManagedBy": "terraform", "Environment": "dev", "Repository": "acme/platform"}

resource(type, after) := {
	"address": concat(".", [type, "it"]),
	"mode": "managed",
	"type": type,
	"name": "it",
	"change": {"actions": ["create"], "after": after, "after_unknown": {}},
}

# The plan with the attributes of one resource replaced: 0 the cluster, 1 the template, 2 the group.
with_attributes(number, attributes) := json.patch(plan, [{"op": "replace", "path": ["resource_changes", number, "change", "after"], "value": object.union(
	plan.resource_changes[number].change.after,
	attributes,
)}])

with_resource(added) := json.patch(plan, [{"op": "add", "path": "/resource_changes/-", "value": added}])

ids(violations) := {violation.id | some violation in violations}
