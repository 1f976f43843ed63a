# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package controls

import data.lib.environment
import data.lib.result
import data.lib.shape

# METADATA
# title: Encrypted secrets
# description: Every cluster encrypts its secrets with a symmetric key that the stacks make or the options give.
# custom:
#   id: controls/encrypted-secrets
#   controls: [KMS-01]
#   row: none; a control
#   severity: error
#   fix: Give encryption_config the resources ["secrets"] and the environment's key.
deny contains result.violation("controls/encrypted-secrets", {
	"resource": cluster.address,
	"path": "encryption_config",
	"value": object.get(cluster.values, "encryption_config", null),
	"problem": "its secrets are not encrypted with a symmetric key of the environment",
}) if {
	some cluster in environment.clusters
	not _encrypts_secrets(cluster)
}

# METADATA
# title: Key rotation
# description: Every symmetric key that a stack makes rotates each year; imported key material never does.
# custom:
#   id: controls/key-rotation
#   controls: [KMS-02]
#   row: none; a control
#   severity: error
#   fix: Set enable_key_rotation to true, and leave rotation_period_in_days out.
deny contains result.violation("controls/key-rotation", {
	"resource": key.address,
	"path": "enable_key_rotation",
	"value": object.get(key.values, "enable_key_rotation", null),
	"limit": true,
	"problem": "the key does not rotate every year",
}) if {
	some key in array.concat(_keys, _imported_keys)
	not _rotates(key)
}

# METADATA
# title: Deletion window
# description: The cluster's key waits seven days before it is deleted.
# custom:
#   id: controls/key-deletion-window
#   controls: [KMS-03]
#   row: none; a control
#   severity: error
#   fix: Set deletion_window_in_days to 7.
deny contains result.violation("controls/key-deletion-window", {
	"resource": key.address,
	"path": "deletion_window_in_days",
	"value": object.get(key.values, "deletion_window_in_days", null),
	"limit": 7,
	"problem": "the key's deletion window is not seven days",
}) if {
	some key in _cluster_keys
	object.get(key.values, "deletion_window_in_days", 30) != 7
}

# METADATA
# title: Key users
# description: |
#   The policy of the cluster's key, wherever it is written, admits only the account's root,
#   the cluster's role, and CloudWatch Logs for this cluster's log groups. No grant admits
#   anyone else.
# custom:
#   id: controls/key-users
#   controls: [KMS-04]
#   row: none; a control
#   severity: error
#   fix: Take the statement or the grant out.
#   fixes:
#     unreadable: Write the policy as JSON that refers to resources by their ARN.
deny contains result.violation("controls/key-users", {
	"resource": source.address,
	"path": "policy",
	"value": statement,
	"problem": "the key's policy admits more than the account, the cluster and its logs",
}) if {
	some key in _cluster_keys
	some source in _key_policies(key)
	some statement in environment.statements(source.documents.policy)
	not _is_denial(statement)
	not _admits_known_users(statement)
}

deny contains result.violation("controls/key-users", {
	"resource": source.address,
	"path": "policy",
	"value": source.values.policy,
	"problem": "the key's policy cannot be read before it is made",
	"cause": "unreadable",
}) if {
	some key in _cluster_keys
	some source in _key_policies(key)
	shape.given_at(source.values, ["policy"])
	not shape.object_at(source.documents, ["policy"])
}

deny contains result.violation("controls/key-users", {
	"resource": grant.address,
	"path": "grantee_principal",
	"value": object.get(grant.values, "grantee_principal", null),
	"problem": "a grant lets someone use the cluster's key",
}) if {
	some key in _cluster_keys
	some grant in environment.of_type("aws_kms_grant")
	grant.values.key_id in key.ids
}

# METADATA
# title: Given key
# description: If the options name a key, the cluster encrypts its secrets with it.
# custom:
#   id: controls/given-key
#   controls: [KMS-05]
#   row: none; a control
#   severity: error
#   fix: Use the key of cluster.kmsKeyArn.
deny contains result.violation("controls/given-key", {
	"resource": cluster.address,
	"path": "encryption_config",
	"value": arn,
	"limit": _given_key,
	"problem": "the cluster does not use the given key",
}) if {
	_given_key != null
	some cluster in environment.clusters
	some arn in _secret_keys(cluster)
	arn != _given_key
}

# METADATA
# title: Encrypted cluster logs
# description: The control plane's log group exists and is encrypted with the key that encrypts secrets.
# custom:
#   id: controls/cluster-log-key
#   controls: [KMS-06]
#   row: none; a control
#   severity: error
#   fix: Give the log group /aws/eks/CLUSTER/cluster the cluster's key as kms_key_id.
deny contains result.violation("controls/cluster-log-key", {
	"resource": cluster.address,
	"path": "encryption_config",
	"problem": result.text(["no log group ", result.shown(_log_group_name(cluster)), " is encrypted with the cluster's key"]),
}) if {
	some cluster in environment.clusters
	count(_secret_keys(cluster)) > 0
	not _encrypts_logs(cluster)
}

_keys := [key | some key in environment.of_type("aws_kms_key"); _is_symmetric(key)]

_imported_keys := [key |
	some type in ["aws_kms_external_key", "aws_kms_replica_external_key"]
	some key in environment.of_type(type)
]

_is_symmetric(key) if object.get(key.values, "customer_master_key_spec", null) in {null, "SYMMETRIC_DEFAULT"}

_given_key := environment.configured(["cluster", "kmsKeyArn"])

_secret_keys(cluster) := {provider.key_arn |
	some config in environment.blocks(cluster.values, "encryption_config")
	"secrets" in config.resources
	some provider in environment.blocks(config, "provider")
}

_encrypts_secrets(cluster) if {
	some arn in _secret_keys(cluster)
	arn == _given_key
}

_encrypts_secrets(cluster) if {
	some arn in _secret_keys(cluster)
	some key in _keys
	arn in key.ids
	object.get(key.values, "key_usage", null) in {null, "ENCRYPT_DECRYPT"}
}

_rotates(key) if {
	environment.yes(key.values, ["enable_key_rotation"])
	object.get(key.values, "rotation_period_in_days", 365) in {365, null}
}

_cluster_keys := [key |
	some cluster in environment.clusters
	some arn in _secret_keys(cluster)
	some key in environment.of_type("aws_kms_key")
	arn in key.ids
]

_key_policies(key) := array.concat([key], [policy |
	some policy in environment.of_type("aws_kms_key_policy")
	policy.values.key_id in key.ids
])

_is_denial(statement) if statement.Effect == "Deny"

_admits_known_users(statement) if {
	known := {environment.iam_arn("root")} | {cluster.values.role_arn | some cluster in environment.clusters}
	users := environment.principals(statement)
	count(users) > 0
	every user in users {
		user[1] in known
	}
}

_admits_known_users(statement) if {
	service := concat("", ["logs.", input.account.region, ".amazonaws.com"])
	environment.principals(statement) == {["Service", service]}
	groups := environment.compared(statement.Condition, {"ArnEquals", "ArnLike"}, "kms:EncryptionContext:aws:logs:arn")
	count(groups) > 0
	every group in groups {
		some cluster in environment.clusters
		startswith(split(group, ":log-group:")[1], concat("", ["/aws/eks/", cluster.values.name, "/"]))
	}
}

_log_group_name(cluster) := concat("", ["/aws/eks/", cluster.values.name, "/cluster"])

_encrypts_logs(cluster) if {
	some group in environment.of_type("aws_cloudwatch_log_group")
	group.values.name == _log_group_name(cluster)
	group.values.kms_key_id in _secret_keys(cluster)
}
