# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# Generated from the METADATA of the rules by policies/build.mjs: change that.

# METADATA
# title: Fixes
# description: |
#   How to fix what a rule reports, by the id of the rule and the cause. `{limit}` stands
#   for the limit that is broken.
package lib.rules

fixes := {
	"controls/access-entries": {
		"default": "Set authentication_mode to API and bootstrap_cluster_creator_admin_permissions to false.",
	},
	"controls/autoscaler-rights": {
		"default": "Remove the permission.",
	},
	"controls/cluster-identity-provider": {
		"default": "Make an aws_iam_openid_connect_provider with the cluster's issuer as url and sts.amazonaws.com as its only client.",
	},
	"controls/cluster-log-key": {
		"default": "Give the log group /aws/eks/CLUSTER/cluster the cluster's key as kms_key_id.",
	},
	"controls/cluster-logs": {
		"default": "Set enabled_cluster_log_types to api, audit, authenticator, controllerManager and scheduler.",
	},
	"controls/deployment-reach": {
		"default": "Bind the statement to the environment's paths, names and tags.",
	},
	"controls/encrypted-secrets": {
		"default": "Give encryption_config the resources [\"secrets\"] and the environment's key.",
	},
	"controls/encrypted-volumes": {
		"default": "Set encrypted to true.",
	},
	"controls/endpoints": {
		"default": "Leave the endpoints and their security group as the network stack makes them.",
	},
	"controls/flow-logs": {
		"default": "Add an aws_flow_log of all traffic to a log group with a key.",
	},
	"controls/github-roles": {
		"default": "Leave the roles as the bootstrap stack makes them.",
	},
	"controls/github-trust": {
		"default": "Compare aud and sub with StringEquals, and sub with a complete subject of this repository.",
	},
	"controls/given-key": {
		"default": "Use the key of cluster.kmsKeyArn.",
	},
	"controls/gpu-pods": {
		"default": "Tolerate nvidia.com/gpu in GPU worker groups only, and select the pool's group.",
	},
	"controls/gpu-taint": {
		"default": "Add the taint nvidia.com/gpu=true with the effect NO_SCHEDULE.",
	},
	"controls/input": {
		"default": "Run the task `synth` first.",
	},
	"controls/interruption-queue": {
		"default": "Leave the queue and its policy as the cluster stack makes them.",
	},
	"controls/key-deletion-window": {
		"default": "Set deletion_window_in_days to 7.",
	},
	"controls/key-rotation": {
		"default": "Set enable_key_rotation to true, and leave rotation_period_in_days out.",
	},
	"controls/key-users": {
		"default": "Take the statement or the grant out.",
		"unreadable": "Write the policy as JSON that refers to resources by their ARN.",
	},
	"controls/launch-templates": {
		"default": "In launch_template, name a launch template from the stacks.",
	},
	"controls/metadata-hops": {
		"default": "Set metadata_options.http_put_response_hop_limit to 1.",
	},
	"controls/metadata-tokens": {
		"default": "Set metadata_options.http_tokens to \"required\".",
	},
	"controls/no-public-address": {
		"default": "Set associate_public_ip_address and map_public_ip_on_launch to false, and put nodes into private subnets.",
	},
	"controls/no-public-ingress": {
		"default": "Admit a private range or a security group.",
	},
	"controls/no-static-credentials": {
		"default": "Use a role that GitHub Actions or a person assumes.",
	},
	"controls/node-egress": {
		"default": "Take the rule out, or limit it to a private range.",
		"group": "Name the node security group, and no other, in vpc_security_group_ids.",
	},
	"controls/node-ingress": {
		"default": "Take the rule out.",
	},
	"controls/node-rights": {
		"default": "Remove the permission from the node role, and give a service account a role instead.",
		"addon": "Give the add-on its role as service_account_role_arn.",
	},
	"controls/people-roles": {
		"default": "Remove the principal, or name it in cluster.adminPrincipalArns or access.",
	},
	"controls/permissions-boundary": {
		"default": "Set permissions_boundary to the environment's.",
		"right": "Remove the permission.",
	},
	"controls/pod-users": {
		"default": "Set runAsUser, runAsGroup and fsGroup to 1000 and runAsNonRoot to true.",
	},
	"controls/private-endpoint": {
		"default": "Set vpc_config.endpoint_private_access to true.",
	},
	"controls/public-endpoint": {
		"default": "Name the networks in cluster.publicAccessCidrs.",
	},
	"controls/ray-rights": {
		"default": "Name what Ray's pods need in ray.data.",
	},
	"controls/ray-token": {
		"default": "Set authOptions.mode to token.",
	},
	"controls/ray-traffic": {
		"default": "Name what Ray's pods reach in ray.egress.",
	},
	"controls/restricted-containers": {
		"default": "Leave the container's security context as the stacks write it.",
	},
	"controls/restricted-namespace": {
		"default": "Give Ray's namespace the Pod Security Standard restricted.",
	},
	"controls/service-account-trust": {
		"default": "Compare sub with one service account and aud with sts.amazonaws.com, by StringEquals.",
		"identity": "Give the service account a role whose trust policy names it, and take the association out.",
	},
	"controls/state": {
		"default": "Leave the bucket as the bootstrap stack makes it.",
	},
	"controls/termination-handler-rights": {
		"default": "Remove the permission.",
	},
	"controls/tls-only": {
		"default": "Deny all actions to all principals where aws:SecureTransport is \"false\".",
	},
	"controls/unread-types": {
		"default": "Make it with a resource of the AWS provider.",
	},
	"ray/device-claims": {
		"default": "Ask for GPUs under resources.limits, such as nvidia.com/gpu: 1.",
	},
	"ray/fixed-size": {
		"default": "Set minReplicas below maxReplicas.",
	},
	"ray/gpu-min-replicas": {
		"default": "Set minReplicas to 0.",
	},
	"ray/gpu-toleration": {
		"default": "Add the toleration {key: nvidia.com/gpu, operator: Equal, value: \"true\", effect: NoSchedule}.",
	},
	"ray/limits": {
		"default": "Write a value of the same type as the default ({limit}), or remove the key.",
		"shape": "Write the limits as an object of keys and values.",
		"warning": "Correct the key, or remove it.",
	},
	"ray/manifest": {
		"default": "Write a RayCluster, RayJob, RayService or RayCronJob of apiVersion ray.io/v1 as KubeRay defines it.",
	},
	"ray/max-cpu": {
		"default": "Lower the cpu of its containers to {limit} cores in all.",
	},
	"ray/max-gpu": {
		"default": "Use {limit} GPUs or fewer in a pod.",
	},
	"ray/max-gpus": {
		"default": "Lower maxReplicas so that all pods together use {limit} GPUs or fewer.",
	},
	"ray/max-memory": {
		"default": "Lower the memory of its containers to {limit} GiB in all.",
	},
	"ray/max-workers": {
		"default": "Lower maxReplicas so that all groups together stay at {limit} or less.",
	},
	"ray/min-cpu": {
		"default": "Raise the cpu request to at least {limit} cores.",
	},
	"ray/min-memory": {
		"default": "Raise the memory request to at least {limit} GiB.",
	},
	"ray/qos": {
		"default": "Set the cpu request equal to the limit.",
	},
	"ray/quantity": {
		"default": "Write a quantity such as \"500m\", \"4\" or \"64Gi\"; suffixes are k M G T P E, Ki Mi Gi Ti Pi Ei, m u n.",
		"order": "Lower the request or raise the limit.",
	},
	"ray/replicas": {
		"default": "Set maxReplicas to a whole number, minReplicas no higher, and numOfHosts to at least 1.",
	},
	"ray/required-labels": {
		"default": "Add the label under metadata.labels, with a value.",
	},
	"ray/resources": {
		"default": "Give the container a request and a limit for {limit}.",
	},
	"ray/unjudged-nodes": {
		"default": "Start nodes from an aws_eks_node_group with a launch template.",
	},
	"ray/whole-gpus": {
		"default": "Give GPUs as a whole number under limits, and the same under requests or nothing.",
	},
	"terraform/autoscaling": {
		"default": "Set min_size below max_size.",
	},
	"terraform/cluster-logging": {
		"default": "Add the log types to enabled_cluster_log_types ({limit}).",
	},
	"terraform/desired-size": {
		"default": "Set desired_size below max_size.",
	},
	"terraform/encryption": {
		"default": "Set encrypted to true.",
		"root": "Declare the root volume with encrypted set to true.",
	},
	"terraform/gpu-min-size": {
		"default": "Set min_size to 0.",
	},
	"terraform/gpu-taint": {
		"default": "Add the taint nvidia.com/gpu=true with the effect NO_SCHEDULE.",
	},
	"terraform/imdsv2": {
		"default": "Set metadata_options.http_tokens to \"required\", or http_endpoint to \"disabled\".",
	},
	"terraform/instance-type": {
		"default": "Use an instance type that the limits allow ({limit}).",
		"unknown": "Name the instance type in the node group or in a launch template of the same plan.",
	},
	"terraform/launch-template-elsewhere": {
		"default": "Define the launch template in the same plan, or judge the plan that defines it.",
	},
	"terraform/launch-template-version": {
		"default": "Set the version to the template's latest_version.",
	},
	"terraform/launch-template": {
		"default": "Add a launch_template block that names a template with encrypted volumes and IMDSv2.",
	},
	"terraform/limits": {
		"default": "Write a value of the same type as the default ({limit}), or remove the key.",
		"shape": "Write the limits as an object of keys and values.",
		"warning": "Correct the key, or remove it.",
	},
	"terraform/max-gpu-nodes": {
		"default": "Lower max_size so that all GPU groups together stay within the limit ({limit}).",
	},
	"terraform/max-nodes": {
		"default": "Lower max_size so that the pool's groups together stay within the limit ({limit}).",
		"unknown": "Give max_size a number in the configuration.",
	},
	"terraform/max-volume": {
		"default": "Lower the size of the volume to the limit or less ({limit} GiB).",
		"unread": "Set the size of the volume to a whole number up to the limit ({limit} GiB).",
	},
	"terraform/metadata-hop-limit": {
		"default": "Set metadata_options.http_put_response_hop_limit to 1.",
	},
	"terraform/mixed-subnets": {
		"default": "Keep public and private subnets in resources of their own.",
	},
	"terraform/modules-elsewhere": {
		"default": "Judge the plan: terraform show -json plan | npx ray-platform policy -",
	},
	"terraform/plan": {
		"default": "Run `terraform plan -out=plan && terraform show -json plan` without -target, and pass its output.",
		"deferred": "Make counts and keys known at plan, or apply what they depend on first.",
	},
	"terraform/private-endpoint": {
		"default": "Set vpc_config.endpoint_private_access to true, and endpoint_public_access to false or public_access_cidrs to your networks.",
	},
	"terraform/private-subnets": {
		"default": "Use private subnets.",
		"unknown": "Pass the subnets by reference, and judge the plan with its configuration.",
		"zones": "Set vpc_zone_identifier to private subnets.",
	},
	"terraform/public-address": {
		"default": "Set associate_public_ip_address to false, or leave it out.",
	},
	"terraform/region": {
		"default": "Set the provider's region, or the variable it reads, to an allowed region ({limit}).",
	},
	"terraform/required-tags": {
		"default": "Add the tag to the provider's default_tags, with a value.",
	},
	"terraform/subnets-elsewhere": {
		"default": "Judge all stacks together, or refer to the subnets directly.",
	},
	"terraform/tags-elsewhere": {
		"default": "Add the tag to the provider's default_tags, with a value.",
	},
	"terraform/unjudged-nodes": {
		"default": "Start nodes from an aws_eks_node_group with a launch template.",
	},
	"terraform/unread-manifest": {
		"default": "Write the manifest or the values so that the plan shows them.",
	},
	"terraform/unread-values": {
		"default": "Write the values so that the plan shows them.",
	},
}
