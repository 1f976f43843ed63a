# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package controls

import data.lib.environment
import data.lib.result

# METADATA
# title: Private endpoint
# description: Every cluster has its private endpoint enabled.
# custom:
#   id: controls/private-endpoint
#   controls: [EKS-01]
#   row: none; a control
#   severity: error
#   fix: Set vpc_config.endpoint_private_access to true.
deny contains _cluster_violation("controls/private-endpoint", cluster, "vpc_config.endpoint_private_access", "the private endpoint is off") if {
	some cluster in environment.clusters
	not _has_private_endpoint(cluster)
}

# METADATA
# title: Public endpoint
# description: The public endpoint is off, or admits only the networks that the options name.
# custom:
#   id: controls/public-endpoint
#   controls: [EKS-02]
#   row: none; a control
#   severity: error
#   fix: Name the networks in cluster.publicAccessCidrs.
deny contains _cluster_violation("controls/public-endpoint", cluster, "vpc_config.public_access_cidrs", "the public endpoint admits what the options do not name") if {
	some cluster in environment.clusters
	not _has_no_public_endpoint(cluster)
	not _admits_named_networks(cluster)
}

# METADATA
# title: Control-plane logs
# description: Every cluster sends all five types of control-plane logs.
# custom:
#   id: controls/cluster-logs
#   controls: [EKS-03]
#   row: none; a control
#   severity: error
#   fix: Set enabled_cluster_log_types to api, audit, authenticator, controllerManager and scheduler.
deny contains _cluster_violation("controls/cluster-logs", cluster, "enabled_cluster_log_types", "not all control-plane logs are sent") if {
	some cluster in environment.clusters
	sent := {type | some type in cluster.values.enabled_cluster_log_types}
	count({"api", "audit", "authenticator", "controllerManager", "scheduler"} - sent) > 0
}

# METADATA
# title: Access entries
# description: Only access entries decide who can use a cluster; its creator is not an administrator.
# custom:
#   id: controls/access-entries
#   controls: [EKS-04]
#   row: none; a control
#   severity: error
#   fix: Set authentication_mode to API and bootstrap_cluster_creator_admin_permissions to false.
deny contains _cluster_violation("controls/access-entries", cluster, "access_config", "more than access entries decides who can use the cluster") if {
	some cluster in environment.clusters
	not _enters_by_entry(cluster)
}

_cluster_violation(id, cluster, path, problem) := result.violation(id, {
	"resource": cluster.address,
	"path": path,
	"value": object.get(cluster.values, split(path, "."), null),
	"problem": problem,
})

_has_private_endpoint(cluster) if {
	some config in environment.blocks(cluster.values, "vpc_config")
	environment.yes(config, ["endpoint_private_access"])
}

_has_no_public_endpoint(cluster) if {
	some config in environment.blocks(cluster.values, "vpc_config")
	object.get(config, "endpoint_public_access", true) in {false, "false"}
}

_admits_named_networks(cluster) if {
	some config in environment.blocks(cluster.values, "vpc_config")
	count(config.public_access_cidrs) > 0
	every cidr in config.public_access_cidrs {
		cidr in environment.configured(["cluster", "publicAccessCidrs"])
	}
}

_enters_by_entry(cluster) if {
	some config in environment.blocks(cluster.values, "access_config")
	config.authentication_mode == "API"
	object.get(config, "bootstrap_cluster_creator_admin_permissions", true) in {false, "false"}
}

# METADATA
# title: Interruption queue
# description: |
#   Every queue is encrypted. The queue that the event rules send to has a dead-letter
#   queue, and accepts messages only from this cluster's rules.
# custom:
#   id: controls/interruption-queue
#   controls: [SQS-01]
#   row: none; a control
#   severity: error
#   fix: Leave the queue and its policy as the cluster stack makes them.
deny contains _queue_violation(queue, "sqs_managed_sse_enabled", "the queue is not encrypted") if {
	some queue in environment.of_type("aws_sqs_queue")
	not _is_encrypted_queue(queue)
}

deny contains _queue_violation(queue, "redrive_policy", "the queue has no dead-letter queue") if {
	some queue in _interruption_queues
	not _has_dead_letters(queue)
}

deny contains _queue_violation(policy, "policy", "the queue accepts messages of others than this cluster's rules") if {
	some queue in _interruption_queues
	some policy in _policies_of(queue)
	some statement in environment.statements(policy.documents.policy)
	not _is_denial(statement)
	not _admits_own_rules(statement)
}

_queue_violation(resource, path, problem) := result.violation("controls/interruption-queue", {
	"resource": resource.address,
	"path": path,
	"value": object.get(resource.values, path, null),
	"problem": problem,
})

_interruption_queues := [queue |
	some queue in environment.of_type("aws_sqs_queue")
	count([target | some target in environment.of_type("aws_cloudwatch_event_target"); target.values.arn in queue.ids]) > 0
]

_is_encrypted_queue(queue) if environment.yes(queue.values, ["sqs_managed_sse_enabled"])

_is_encrypted_queue(queue) if is_string(queue.values.kms_master_key_id)

_has_dead_letters(queue) if {
	some other in environment.of_type("aws_sqs_queue")
	queue.documents.redrive_policy.deadLetterTargetArn in other.ids
}

_has_dead_letters(queue) if {
	some redrive in environment.of_type("aws_sqs_queue_redrive_policy")
	redrive.values.queue_url in queue.ids
}

_admits_own_rules(statement) if {
	environment.principals(statement) == {["Service", "events.amazonaws.com"]}
	sources := environment.compared(statement.Condition, {"ArnEquals", "ArnLike"}, "aws:SourceArn")
	count(sources) > 0
	every source in sources {
		name := split(source, ":rule/")[1]
		some rule in environment.of_type("aws_cloudwatch_event_rule")
		rule.values.name == name
	}
}
