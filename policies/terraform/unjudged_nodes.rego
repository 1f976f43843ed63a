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

deny contains _unjudged_violation(resource, "type_name", "the Cloud Control API") if {
	some resource in plan.of_type("aws_cloudcontrolapi_resource")
	_may_start_nodes(resource)
}

deny contains _unjudged_violation(provider, "managed_instances_provider", "ECS Managed Instances") if {
	some provider in plan.of_type("aws_ecs_capacity_provider")
	count(plan.block_numbers(provider, ["managed_instances_provider"])) > 0
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

# AWS::EC2::EC2Fleet is awscc_ec2_ec2_fleet there: a name without its separators is the same in both.
_may_start_nodes(resource) if {
	name := plan.value(resource, ["type_name"])
	parts := split(lower(name), "::")
	regex.match(_unread_types, concat("", ["awscc_", parts[1], "_", parts[2]]))
}

_may_start_nodes(resource) if plan.unknown(resource, ["type_name"])

_unread_starters := {
	"aws_appstream_fleet": "an AppStream fleet",
	"aws_appstream_image_builder": "an AppStream image builder",
	"aws_batch_compute_environment": "a Batch compute environment",
	"aws_cloud9_environment_ec2": "a Cloud9 environment",
	"aws_cloudformation_stack": "a CloudFormation stack",
	"aws_cloudformation_stack_set_instance": "a CloudFormation stack set",
	"aws_cloudformation_stack_instances": "a CloudFormation stack set",
	"aws_codebuild_fleet": "a CodeBuild fleet",
	"aws_datapipeline_pipeline_definition": "a Data Pipeline",
	"aws_drs_replication_configuration_template": "Elastic Disaster Recovery",
	"aws_ec2_fleet": "an EC2 fleet",
	"aws_eks_fargate_profile": "a Fargate profile",
	"aws_elastic_beanstalk_environment": "an Elastic Beanstalk environment",
	"aws_emr_cluster": "an EMR cluster",
	"aws_emr_instance_fleet": "an EMR instance fleet",
	"aws_emr_instance_group": "an EMR instance group",
	"aws_gamelift_fleet": "a GameLift fleet",
	"aws_gamelift_game_server_group": "a GameLift server group",
	"aws_glue_dev_endpoint": "a Glue development endpoint",
	"aws_imagebuilder_image": "an Image Builder image",
	"aws_imagebuilder_image_pipeline": "an Image Builder pipeline",
	"aws_lambda_capacity_provider": "a Lambda capacity provider",
	"aws_lightsail_instance": "a Lightsail instance",
	"aws_opsworks_instance": "an OpsWorks instance",
	"aws_sagemaker_app": "a SageMaker app",
	"aws_sagemaker_endpoint": "a SageMaker endpoint",
	"aws_sagemaker_notebook_instance": "a SageMaker notebook",
	"aws_sagemaker_space": "a SageMaker space",
	"aws_servicecatalog_provisioned_product": "a Service Catalog product",
	"aws_spot_fleet_request": "a Spot fleet",
	"aws_workspaces_workspace": "a WorkSpace",
}

# The same services in the Cloud Control provider, whose attributes have other names, and
# Spot.io, which starts nodes from outside the account.
_unread_types := concat("", [
	`^(spotinst_|awscc_(`,
	`appstream_(fleet|image_?builder)|autoscaling_(auto_?scaling_?group|launch_?configuration)|`,
	`batch_compute_?environment|cloud9_environment_?ec2|cloudformation_stack(_?set)?|`,
	`codebuild_fleet|datapipeline_pipeline|ec2_(ec2_?fleet|instance|launch_?template|spot_?fleet)|`,
	`ecs_capacity_?provider|eks_(cluster|fargate_?profile|nodegroup)|`,
	`elasticbeanstalk_environment|emr_(cluster|instance_?fleet_?config|instance_?group_?config)|`,
	`gamelift_(fleet|container_?fleet|game_?server_?group)|glue_dev_?endpoint|`,
	`imagebuilder_(image|image_?pipeline)|lambda_capacity_?provider|lightsail_instance|opsworks_instance|`,
	`pcs_(cluster|compute_?node_?group)|`,
	`sagemaker_(app|cluster|endpoint|notebook_?instance|space)|`,
	`servicecatalog_cloud_?formation_?provisioned_?product|workspaces_workspace)$)`,
])
