# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.result

# METADATA
# title: Private endpoint
# description: |
#   The API server has its private endpoint, always. A public endpoint, which is the
#   provider's default, must be limited to networks: one open to the world is refused.
# custom:
#   id: terraform/private-endpoint
#   row: Private endpoint
#   severity: error
#   fix: Set vpc_config.endpoint_private_access to true, and endpoint_public_access to false or public_access_cidrs to your networks.
deny contains result.violation("terraform/private-endpoint", {
	"resource": plan.address(cluster),
	"path": "vpc_config.0.endpoint_private_access",
	"value": object.get(cluster.change.after, ["vpc_config", 0, "endpoint_private_access"], null),
	"limit": true,
	"problem": "the private endpoint is not enabled",
}) if {
	some cluster in _clusters
	not _private_endpoint_on(cluster)
}

deny contains result.violation("terraform/private-endpoint", {
	"resource": plan.address(cluster),
	"path": "vpc_config.0.public_access_cidrs",
	"value": object.get(cluster.change.after, _cidrs_path, null),
	"limit": false,
	"problem": "the public endpoint is enabled and not known to be limited to networks",
}) if {
	some cluster in _clusters
	not _public_endpoint_off(cluster)
	not _limited_to_networks(cluster)
}

# METADATA
# title: CloudWatch logging
# description: The control plane logs at least `audit`, and everything else that the limits require.
# custom:
#   id: terraform/cluster-logging
#   row: CloudWatch logging
#   severity: error
#   fix: Add the log types to enabled_cluster_log_types ({limit}).
deny contains result.violation("terraform/cluster-logging", {
	"resource": plan.address(cluster),
	"path": "enabled_cluster_log_types",
	"value": object.get(cluster.change.after, ["enabled_cluster_log_types"], null),
	"limit": _required_logs,
	"problem": result.text(["the control plane does not log ", result.shown(log_type), ", or it is not known whether it does"]),
}) if {
	some cluster in _clusters
	some log_type in _required_logs
	not log_type in _logs(cluster)
}

_clusters := plan.of_type("aws_eks_cluster")

_required_logs := {"audit"} | {log_type | some log_type in _limits.required_log_types}

_logs(cluster) := {log_type | some log_type in plan.value(cluster, ["enabled_cluster_log_types"])}

_private_endpoint_on(cluster) if {
	plan.boolean(cluster, ["vpc_config", 0, "endpoint_private_access"]) == true
}

_public_endpoint_off(cluster) if {
	plan.boolean(cluster, ["vpc_config", 0, "endpoint_public_access"]) == false
}

_cidrs_path := ["vpc_config", 0, "public_access_cidrs"]

_limited_to_networks(cluster) if {
	plan.boolean(cluster, ["vpc_config", 0, "endpoint_public_access"]) == true
	cidrs := plan.value(cluster, _cidrs_path)
	count(cidrs) > 0
	every number, cidr in cidrs {
		plan.value(cluster, array.concat(_cidrs_path, [number]))
		_is_network(cidr)
	}
}

# Wider than a /8 (IPv6: /16) is nobody's own network: two halves of the Internet are the Internet.
_is_network(cidr) if {
	match := regex.find_all_string_submatch_n(`^[0-9]{1,3}(?:\.[0-9]{1,3}){3}/([1-9][0-9]?)$`, cidr, 1)[0]
	net.cidr_contains("0.0.0.0/0", cidr)
	to_number(match[1]) >= 8
}

_is_network(cidr) if {
	match := regex.find_all_string_submatch_n(`^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/([1-9][0-9]{0,2})$`, cidr, 1)[0]
	net.cidr_contains("::/0", cidr)
	to_number(match[1]) >= 16
}
