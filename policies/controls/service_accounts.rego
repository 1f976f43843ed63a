# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package controls

import data.lib.environment
import data.lib.result

# METADATA
# title: One service account each
# description: |
#   A role that the cluster's tokens can assume admits exactly one service account, by its
#   full name and the audience of STS.
# custom:
#   id: controls/service-account-trust
#   controls: [IRSA-01]
#   row: none; a control
#   severity: error
#   fix: Compare sub with one service account and aud with sts.amazonaws.com, by StringEquals.
#   fixes:
#     identity: Give the service account a role whose trust policy names it, and take the association out.
deny contains _role_violation("controls/service-account-trust", role, "assume_role_policy", admission, "its trust policy admits more than one service account") if {
	some role in input.roles
	_is_service_account_role(role)
	some admission in role.admits
	not _admits_one_account(admission)
}

deny contains _role_violation("controls/service-account-trust", role, "assume_role_policy", null, "its trust policy admits more than one service account") if {
	some role in input.roles
	_is_service_account_role(role)
	subjects := {subject |
		some admission in role.admits
		some operator, keys in admission.condition
		some key, values in keys
		endswith(key, ":sub")
		some subject in environment.listed(values)
	}
	count(subjects) > 1
}

deny contains result.violation("controls/service-account-trust", {
	"resource": association.address,
	"path": "role_arn",
	"value": object.get(association.values, "role_arn", null),
	"problem": "a pod identity gives a service account a role whose trust policy does not name it",
	"cause": "identity",
}) if {
	some association in environment.of_type("aws_eks_pod_identity_association")
}

# METADATA
# title: Autoscaler
# description: The role of cluster-autoscaler has only the permissions that its record states.
# custom:
#   id: controls/autoscaler-rights
#   controls: [IRSA-02]
#   row: none; a control
#   severity: error
#   fix: Remove the permission.
deny contains _role_violation("controls/autoscaler-rights", role, "policy", excess, "cluster-autoscaler may do more than scale its cluster's groups") if {
	some role in _workload_roles("cluster-autoscaler")
	some excess in _excess(role, _stated("cluster-autoscaler"))
}

# METADATA
# title: Termination handler
# description: The role of aws-node-termination-handler has only the permissions that its record states.
# custom:
#   id: controls/termination-handler-rights
#   controls: [IRSA-03]
#   row: none; a control
#   severity: error
#   fix: Remove the permission.
deny contains _role_violation("controls/termination-handler-rights", role, "policy", excess, "aws-node-termination-handler may do more than read its cluster's queue") if {
	some role in _workload_roles("aws-node-termination-handler")
	some excess in _excess(role, _stated("aws-node-termination-handler"))
}

# METADATA
# title: Cluster identity provider
# description: Each identity provider other than GitHub's has the issuer of a cluster in the stacks, and STS as its only client.
# custom:
#   id: controls/cluster-identity-provider
#   controls: [IRSA-04]
#   row: none; a control
#   severity: error
#   fix: Make an aws_iam_openid_connect_provider with the cluster's issuer as url and sts.amazonaws.com as its only client.
deny contains result.violation("controls/cluster-identity-provider", {
	"resource": provider.address,
	"path": "url",
	"value": object.get(provider.values, "url", null),
	"problem": "the provider is not limited to this cluster",
}) if {
	some provider in environment.of_type("aws_iam_openid_connect_provider")
	not _is_github_provider(provider)
	not _is_of_cluster(provider)
}

deny contains result.violation("controls/cluster-identity-provider", {
	"resource": cluster.address,
	"path": "identity",
	"problem": "no identity provider has the cluster's issuer",
}) if {
	some cluster in environment.clusters
	urls := {url |
		some provider in environment.of_type("aws_iam_openid_connect_provider")
		url := object.get(provider.values, "url", "")
		startswith(url, concat("", [cluster.address, ".identity"]))
	}
	count(urls) == 0
}

# METADATA
# title: Node and add-on permissions
# description: |
#   VPC CNI and EBS CSI use their own roles, which can change only what carries this
#   cluster's tags. The node role has only AWS's policies for joining, pulling and Session
#   Manager.
# custom:
#   id: controls/node-rights
#   controls: [IRSA-05]
#   row: none; a control
#   severity: error
#   fix: Remove the permission from the node role, and give a service account a role instead.
#   fixes:
#     addon: Give the add-on its role as service_account_role_arn.
deny contains _role_violation("controls/node-rights", role, "policy", right, "nodes may do more than join, pull and be reached by Session Manager") if {
	some role in _node_roles
	some right in _rights_of_node(role)
}

deny contains result.violation("controls/node-rights", {
	"resource": addon.address,
	"path": "service_account_role_arn",
	"value": object.get(addon.values, "service_account_role_arn", null),
	"problem": "the add-on has no role of its own",
	"cause": "addon",
}) if {
	some addon in environment.of_type("aws_eks_addon")
	addon.values.addon_name in {"vpc-cni", "aws-ebs-csi-driver"}
	not _has_own_role(addon)
}

deny contains _role_violation("controls/node-rights", role, "policy", grant, "an add-on changes what does not carry this cluster's tags") if {
	some addon in environment.of_type("aws_eks_addon")
	some role in input.roles
	role.arn == addon.values.service_account_role_arn
	some grant in role.grants
	not _is_bound_to_cluster(grant)
}

deny contains _role_violation("controls/node-rights", role, "policy", source, "an add-on has rights that no stack states") if {
	some addon in environment.of_type("aws_eks_addon")
	some role in input.roles
	role.arn == addon.values.service_account_role_arn
	some source in _unstated_rights(role)
}

# METADATA
# title: Ray permissions
# description: |
#   Ray's pods have only the permissions that the options name, under a boundary that allows
#   nothing else.
# custom:
#   id: controls/ray-rights
#   controls: [IRSA-06]
#   row: none; a control
#   severity: error
#   fix: Name what Ray's pods need in ray.data.
deny contains _role_violation("controls/ray-rights", role, "policy", excess, "Ray's pods reach more than the options name") if {
	some identity in environment.configured(["ray", "identities"])
	some role in environment.roles_named(concat("", [_cluster_name, "-", identity.roleName, "-irsa"]))
	some excess in _excess(role, _filled(identity.statements))
}

deny contains result.violation("controls/ray-rights", {
	"resource": policy.address,
	"path": "policy",
	"value": [action, resource],
	"problem": "the boundary of Ray's pods holds more than the options name",
}) if {
	boundary := environment.configured(["access", "rayBoundary"])
	some policy in environment.of_type("aws_iam_policy")
	policy.values.name == boundary.name
	stated := {[grant[0], grant[1]] | some grant in _filled(boundary.statements)}
	some statement in environment.statements(policy.documents.policy)
	not _is_denial(statement)
	some action in environment.listed(statement.Action)
	some resource in environment.listed(statement.Resource)
	not [action, resource] in stated
}

_cluster_name := environment.configured(["cluster", "name"])

_is_service_account_role(role) if {
	some admission in role.admits
	admission.kind == "Federated"
	not endswith(admission.principal, _github_issuer)
}

_admits_one_account(admission) if {
	admission.kind == "Federated"
	admission.action == "sts:AssumeRoleWithWebIdentity"
	issuer := split(admission.principal, ":oidc-provider/")[1]
	subjects := environment.compared(admission.condition, {"StringEquals"}, concat("", [issuer, ":sub"]))
	count(subjects) == 1
	every subject in subjects {
		regex.match(`^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$`, subject)
	}
	audiences := environment.compared(admission.condition, {"StringEquals"}, concat("", [issuer, ":aud"]))
	audiences == {"sts.amazonaws.com"}
}

_workload_roles(workload) := environment.roles_named(concat("", [_cluster_name, "-", input.config.workloads[workload].role.name, "-irsa"]))

_stated(workload) := _filled(input.config.workloads[workload].role.statements)

# Statements of the configuration as [action, resource, condition], with what their placeholders stand for.
_filled(statements) := {[action, _fill(resource), _filled_condition(statement)] |
	some statement in statements
	some action in statement.actions
	some resource in statement.resources
}

_filled_condition(statement) := null if statement.condition == null

_filled_condition(statement) := json.unmarshal(_fill(json.marshal(statement.condition))) if statement.condition != null

_fill(text) := strings.replace_n(
	{
		"{partition}": input.account.partition,
		"{account}": input.account.id,
		"{interruptionQueueArn}": _interruption_queue_arn,
	},
	text,
)

default _interruption_queue_arn := "{interruptionQueueArn}"

_interruption_queue_arn := [id |
	some queue in _interruption_queues
	some id in queue.ids
	startswith(id, "arn:")
][0]

_excess(role, stated) := {grant |
	some grant in role.grants
	not [grant.action, grant.resource, grant.condition] in stated
} | _unstated_rights(role)

_is_github_provider(provider) if endswith(provider.values.url, "//token.actions.githubusercontent.com")

_is_of_cluster(provider) if {
	some cluster in environment.clusters
	startswith(provider.values.url, concat("", [cluster.address, ".identity"]))
	provider.values.client_id_list == ["sts.amazonaws.com"]
}

_node_roles := [role |
	some role in input.roles
	role.arn in {group.values.node_role_arn | some group in environment.of_type("aws_eks_node_group")}
]

_rights_of_node(role) := ({grant | some grant in role.grants} | {source | some source in role.unreadable}) | {source.arn |
	some source in role.attached
	not _is_policy_of_nodes(source.arn)
}

_is_policy_of_nodes(arn) if {
	some name in {"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"}
	arn == concat("", ["arn:", input.account.partition, ":iam::aws:policy/", name])
}

_has_own_role(addon) if {
	some role in input.roles
	role.arn == addon.values.service_account_role_arn
	_is_service_account_role(role)
}

_is_bound_to_cluster(grant) if {
	regex.match(`^[a-z0-9]+:(?:Describe|Get|List)[A-Za-z]*$`, grant.action)
}

_is_bound_to_cluster(grant) if {
	not contains(grant.action, "*")
	is_object(grant.condition)
}

# Interfaces are tagged as they are made.
_is_bound_to_cluster(grant) if {
	grant.action == "ec2:CreateTags"
	endswith(grant.resource, ":network-interface/*")
}
