# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package controls

import data.lib.environment
import data.lib.result

# METADATA
# title: Node egress
# description: |
#   Nodes can reach only private ranges, other groups of the environment, and S3's prefix
#   list, however a rule is written and whichever stack writes it.
# custom:
#   id: controls/node-egress
#   controls: [NET-01]
#   row: none; a control
#   severity: error
#   fix: Take the rule out, or limit it to a private range.
#   fixes:
#     group: Name the node security group, and no other, in vpc_security_group_ids.
deny contains _traffic_violation("controls/node-egress", rule, "nodes reach more than private ranges and S3") if {
	some rule in input.traffic
	rule.direction == "egress"
	rule.group in _node_security_groups
	not _is_private(rule)
	not _is_own_group(rule)
	not _is_s3(rule)
}

deny contains result.violation("controls/node-egress", {
	"resource": template.address,
	"path": "vpc_security_group_ids",
	"value": id,
	"problem": "its nodes are in a security group that no stack of the environment makes",
	"cause": "group",
}) if {
	some template in environment.of_type("aws_launch_template")
	some id in _security_groups_of(template)
	not _is_made(id)
}

deny contains result.violation("controls/node-egress", {
	"resource": template.address,
	"path": "vpc_security_group_ids",
	"problem": "its nodes get the cluster's own security group, whose egress is open",
	"cause": "group",
}) if {
	some template in environment.of_type("aws_launch_template")
	count(_security_groups_of(template)) == 0
}

# METADATA
# title: Node ingress
# description: |
#   Nodes admit traffic only from themselves, and from the control plane on the ports of
#   kubelet and webhooks. Another rule covers public addresses.
# custom:
#   id: controls/node-ingress
#   controls: [NET-02]
#   row: none; a control
#   severity: error
#   fix: Take the rule out.
deny contains _traffic_violation("controls/node-ingress", rule, "nodes admit traffic from others than themselves and the control plane") if {
	some rule in input.traffic
	rule.direction == "ingress"
	rule.group in _node_security_groups
	not _is_public(rule)
	not _is_from_nodes(rule)
	not _is_from_control_plane(rule)
}

# METADATA
# title: No ingress from the internet
# description: No security group of any stack admits a public address, IPv6, or a prefix list.
# custom:
#   id: controls/no-public-ingress
#   controls: [NET-03]
#   row: none; a control
#   severity: error
#   fix: Admit a private range or a security group.
deny contains _traffic_violation("controls/no-public-ingress", rule, "the security group admits traffic from the internet") if {
	some rule in input.traffic
	rule.direction == "ingress"
	_is_public(rule)
}

# METADATA
# title: Endpoints
# description: |
#   Each AWS API that the options name has an interface endpoint with private DNS; endpoints
#   admit only port 443 from the node subnets.
# custom:
#   id: controls/endpoints
#   controls: [NET-05]
#   row: none; a control
#   severity: error
#   fix: Leave the endpoints and their security group as the network stack makes them.
deny contains result.violation("controls/endpoints", {
	"resource": service,
	"path": "aws_vpc_endpoint",
	"problem": "no interface endpoint with private names is made for it",
}) if {
	some service in environment.listed(environment.configured(["network", "interfaceEndpoints"]))
	not _has_endpoint(service)
}

deny contains _traffic_violation("controls/endpoints", rule, "endpoints admit more than 443 from the node subnets") if {
	count(environment.listed(environment.configured(["network", "interfaceEndpoints"]))) > 0
	some rule in input.traffic
	rule.direction == "ingress"
	rule.group in _endpoint_groups
	not _is_public(rule)
	not _is_https_from_nodes(rule)
}

# METADATA
# title: Flow logs
# description: All traffic of every VPC that a stack makes is logged to an encrypted log group.
# custom:
#   id: controls/flow-logs
#   controls: [NET-06]
#   row: none; a control
#   severity: error
#   fix: Add an aws_flow_log of all traffic to a log group with a key.
deny contains result.violation("controls/flow-logs", {
	"resource": vpc.address,
	"path": "aws_flow_log",
	"problem": "not all of its traffic is logged to an encrypted log group",
}) if {
	some type in {"aws_default_vpc", "aws_vpc"}
	some vpc in environment.of_type(type)
	not _is_logged(vpc)
}

_traffic_violation(id, rule, problem) := result.violation(id, {
	"resource": rule.address,
	"path": rule.direction,
	"value": rule.peer,
	"problem": problem,
})

_node_security_groups := {id |
	some template in environment.of_type("aws_launch_template")
	some id in _security_groups_of(template)
}

_security_groups_of(template) := {id | some id in environment.listed(object.get(template.values, "vpc_security_group_ids", null))} | {id |
	some interface in environment.blocks(template.values, "network_interfaces")
	some id in environment.listed(object.get(interface, "security_groups", null))
}

_is_made(id) if {
	some group in environment.of_type("aws_security_group")
	id in group.ids
}

_private_ranges := {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}

_is_private(rule) if {
	regex.match(`^[0-9]{1,3}(?:\.[0-9]{1,3}){3}/[0-9]{1,2}$`, rule.peer)
	some range in _private_ranges
	net.cidr_contains(range, rule.peer)
}

_is_public(rule) if {
	rule.kind != "group"
	not _is_private(rule)
}

_is_own_group(rule) if _is_made(rule.peer)

_is_own_group(rule) if endswith(rule.peer, "cluster_security_group_id")

_is_s3(rule) if {
	rule.kind == "prefix-list"
	rule.protocol == "tcp"
	rule.from == 443
	rule.to == 443
	_is_s3_list(rule.peer)
}

_is_s3_list(id) if {
	some endpoint in environment.of_type("aws_vpc_endpoint")
	endswith(endpoint.values.service_name, ".s3")
	startswith(id, endpoint.address)
}

_is_s3_list(id) if contains(id, "data.aws_prefix_list.s3-prefix-list")

_is_from_nodes(rule) if rule.peer in _node_security_groups

_is_from_control_plane(rule) if {
	endswith(rule.peer, "cluster_security_group_id")
	rule.protocol == "tcp"
	rule.from == rule.to
	rule.from in {443, 4443, 6443, 8443, 9443, 10250, 10251}
}

_has_endpoint(service) if {
	some endpoint in environment.of_type("aws_vpc_endpoint")
	endpoint.values.vpc_endpoint_type == "Interface"
	endswith(endpoint.values.service_name, concat("", [".", service]))
	environment.yes(endpoint.values, ["private_dns_enabled"])
}

_endpoint_groups := {id |
	some endpoint in environment.of_type("aws_vpc_endpoint")
	some id in environment.listed(object.get(endpoint.values, "security_group_ids", null))
}

_is_https_from_nodes(rule) if {
	rule.protocol == "tcp"
	rule.from == 443
	rule.to == 443
	rule.peer in _endpoint_clients
}

_endpoint_clients := {cidr | some cidr in environment.listed(environment.configured(["network", "nodeSubnetCidrs"]))} | {cidr |
	environment.configured(["network", "mode"]) == "existing"
	cidr := environment.configured(["network", "vpcCidr"])
}

_is_logged(vpc) if {
	some log in environment.of_type("aws_flow_log")
	log.values.vpc_id in vpc.ids
	log.values.traffic_type == "ALL"
	some group in environment.of_type("aws_cloudwatch_log_group")
	log.values.log_destination in group.ids
	is_string(group.values.kms_key_id)
}
