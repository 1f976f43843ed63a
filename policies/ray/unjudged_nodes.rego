# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray

import data.lib.manifest
import data.lib.result

# METADATA
# title: Nodes that no rule reads
# description: |
#   Resources of Karpenter, EKS Auto Mode, Cluster API, eksctl, kOps, and controllers for
#   AWS resources or Terraform start nodes of any type and number, which no rule reads.
#   They are refused by name.
# custom:
#   id: ray/unjudged-nodes
#   row: Instance type allowlist, CPU node cap, GPU node cap
#   severity: error
#   fix: Start nodes from an aws_eks_node_group with a launch template.
deny contains result.violation("ray/unjudged-nodes", {
	"resource": manifest.name(document.resource),
	"path": document.path,
	"value": document.resource.kind,
	"problem": concat("", [document.resource.kind, " of ", document.resource.apiVersion, " can start nodes that no rule reads"]),
}) if {
	some document in manifest.node_starters
}
