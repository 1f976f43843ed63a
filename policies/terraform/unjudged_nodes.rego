# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references
import data.lib.result

# METADATA
# title: Nodes that no rule reads
# description: |
#   Nodes come from node groups, Auto Scaling groups and instances, which the rules read.
#   Anything else that can start nodes, of any type and number, is refused by its type.
# custom:
#   id: terraform/unjudged-nodes
#   row: Instance type allowlist, CPU node cap, GPU node cap
#   severity: error
#   fix: Start nodes from an aws_eks_node_group with a launch template.
deny contains _unjudged_violation(resource, "type", what) if {
	some type, what in _unread_starters
	some resource in plan.of_type(type)
}

deny contains _unjudged_violation(resource, "type", "the Cloud Control provider") if {
	some resource in plan.judged
	regex.match(_unread_types, resource.type)
}

deny contains _unjudged_violation(cluster, "compute_config.0.enabled", "EKS Auto Mode") if {
	some cluster in _clusters
	_may_be_automatic(cluster)
}

_unjudged_violation(resource, path, what) := result.violation("terraform/unjudged-nodes", {
	"resource": plan.address(resource),
	"path": path,
	"value": resource.type,
	"problem": concat("", [what, " can start nodes that no rule reads"]),
})

_may_be_automatic(cluster) if plan.boolean(cluster, _automatic_path)

_may_be_automatic(cluster) if {
	plan.unknown(cluster, _automatic_path)
	not references.not_configured(cluster, ["compute_config"])
}

_automatic_path := ["compute_config", 0, "enabled"]

_unread_starters := {
	"aws_batch_compute_environment": "a Batch compute environment",
	"aws_cloud9_environment_ec2": "a Cloud9 environment",
	"aws_cloudformation_stack": "a CloudFormation stack",
	"aws_cloudformation_stack_set_instance": "a CloudFormation stack set",
	"aws_cloudformation_stack_instances": "a CloudFormation stack set",
	"aws_codebuild_fleet": "a CodeBuild fleet",
	"aws_ec2_fleet": "an EC2 fleet",
	"aws_eks_fargate_profile": "a Fargate profile",
	"aws_elastic_beanstalk_environment": "an Elastic Beanstalk environment",
	"aws_emr_cluster": "an EMR cluster",
	"aws_emr_instance_fleet": "an EMR instance fleet",
	"aws_emr_instance_group": "an EMR instance group",
	"aws_gamelift_fleet": "a GameLift fleet",
	"aws_lightsail_instance": "a Lightsail instance",
	"aws_opsworks_instance": "an OpsWorks instance",
	"aws_servicecatalog_provisioned_product": "a Service Catalog product",
	"aws_spot_fleet_request": "a Spot fleet",
}

# The same services in the Cloud Control provider, whose attributes have other names, and
# Spot.io, which starts nodes from outside the account.
_unread_types := concat("", [
	`^(spotinst_|awscc_(`,
	`autoscaling_(auto_scaling_group|launch_configuration)|batch_compute_environment|`,
	`cloudformation_stack(_set)?|codebuild_fleet|`,
	`ec2_(ec2_fleet|instance|launch_template|spot_fleet)|`,
	`eks_(cluster|fargate_profile|nodegroup)|elasticbeanstalk_environment|`,
	`emr_(cluster|instance_fleet_config|instance_group_config)|gamelift_fleet|lightsail_instance|`,
	`servicecatalog_cloud_formation_provisioned_product)$)`,
])
