# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package controls

import data.lib.environment
import data.lib.result

# METADATA
# title: State
# description: |
#   The bucket for Terraform state is versioned, encrypted with a key from the stacks, and
#   fully private. Every stack of the environment keeps its state there, with locking. The
#   bucket for Ray's logs is set up the same way.
# custom:
#   id: controls/state
#   controls: [STATE-01]
#   row: none; a control
#   severity: error
#   fix: Leave the bucket as the bootstrap stack makes it.
deny contains _state_violation(bucket.address, "aws_s3_bucket_versioning", "its objects are not versioned") if {
	some bucket in _own_buckets
	not _is_versioned(bucket)
}

deny contains _state_violation(bucket.address, "aws_s3_bucket_server_side_encryption_configuration", "it is not encrypted with a key of the stacks") if {
	some bucket in _own_buckets
	not _is_encrypted(bucket)
}

deny contains _state_violation(bucket.address, "aws_s3_bucket_public_access_block", "public access to it is not blocked") if {
	some bucket in _own_buckets
	not _blocks_public_access(bucket)
}

deny contains _state_violation(open.address, object.keys(open.values), "an access control list can open the bucket") if {
	some bucket in _own_buckets
	some open in array.concat([bucket], _of_bucket("aws_s3_bucket_acl", bucket))
	open.values.acl != "private"
}

deny contains _state_violation(policy.address, "policy", "the bucket policy admits someone") if {
	some bucket in _own_buckets
	some policy in array.concat([bucket], _of_bucket("aws_s3_bucket_policy", bucket))
	some statement in environment.statements(policy.documents.policy)
	not _is_denial(statement)
}

deny contains _state_violation(ownership.address, "rule", "access control lists of individual objects decide who can read them") if {
	some bucket in _own_buckets
	some ownership in _of_bucket("aws_s3_bucket_ownership_controls", bucket)
	some rule in environment.blocks(ownership.values, "rule")
	rule.object_ownership != "BucketOwnerEnforced"
}

deny contains _state_violation(copy.address, "rule", "its objects are copied into another bucket") if {
	some bucket in _own_buckets
	some copy in _of_bucket("aws_s3_bucket_replication_configuration", bucket)
}

deny contains _state_violation(point.address, "bucket", "an access point is another way into the bucket") if {
	some bucket in _own_buckets
	some point in _of_bucket("aws_s3_access_point", bucket)
}

deny contains _state_violation(backend.stack, "terraform.backend", "its state is not in the environment's bucket, with a lock") if {
	some backend in input.backends
	startswith(backend.stack, concat("", [input.environment, "-"]))
	not _is_kept_safely(backend)
}

_state_violation(resource, path, problem) := result.violation("controls/state", {
	"resource": resource,
	"path": path,
	"problem": problem,
})

# The buckets that the bootstrap stack makes: of Terraform's state, and of Ray's logs where they are kept.
_own_buckets := [bucket |
	some bucket in environment.of_type("aws_s3_bucket")
	some holder in {"state", "rayLogs"}
	bucket.values.bucket == environment.configured([holder, "bucket"])
]

_of_bucket(type, bucket) := [resource |
	some resource in environment.of_type(type)
	resource.values.bucket in bucket.ids
]

# A bucket has one of each: of two resources, the one that is applied last decides.
_is_versioned(bucket) if {
	found := _of_bucket("aws_s3_bucket_versioning", bucket)
	count(found) > 0
	every versioning in found {
		some block in environment.blocks(versioning.values, "versioning_configuration")
		block.status == "Enabled"
	}
}

_is_encrypted(bucket) if {
	found := _of_bucket("aws_s3_bucket_server_side_encryption_configuration", bucket)
	count(found) > 0
	every encryption in found {
		_uses_own_key(encryption)
	}
}

_uses_own_key(encryption) if {
	some rule in environment.blocks(encryption.values, "rule")
	some default_encryption in environment.blocks(rule, "apply_server_side_encryption_by_default")
	default_encryption.sse_algorithm in {"aws:kms", "aws:kms:dsse"}
	some key in environment.of_type("aws_kms_key")
	default_encryption.kms_master_key_id in key.ids
}

_blocks_public_access(bucket) if {
	found := _of_bucket("aws_s3_bucket_public_access_block", bucket)
	count(found) > 0
	every block in found {
		every setting in {"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"} {
			environment.yes(block.values, [setting])
		}
	}
}

_is_kept_safely(backend) if {
	backend.kind == "s3"
	backend.config.bucket == environment.configured(["state", "bucket"])
	environment.yes(backend.config, ["use_lockfile"])
}

# METADATA
# title: TLS only
# description: |
#   The buckets of the bootstrap stack and every queue refuse requests without TLS, and
#   every interface endpoint answers under the DNS names of its API.
# custom:
#   id: controls/tls-only
#   controls: [TLS-01]
#   row: none; a control
#   severity: error
#   fix: Deny all actions to all principals where aws:SecureTransport is "false".
deny contains result.violation("controls/tls-only", {
	"resource": place.address,
	"path": "policy",
	"problem": "no policy refuses what does not come over TLS",
}) if {
	some place in array.concat(_own_buckets, environment.of_type("aws_sqs_queue"))
	not _refuses_plain_text(place)
}

# There is one policy: of two resources, the one that is applied last decides.
_refuses_plain_text(place) if {
	policies := _policies_of(place)
	count(policies) > 0
	every policy in policies {
		_holds_refusal(policy, place)
	}
}

_holds_refusal(policy, place) if {
	some statement in environment.statements(policy.documents.policy)
	_is_denial(statement)
	environment.principals(statement) in {{["*", "*"]}, {["AWS", "*"]}}
	some action in environment.listed(statement.Action)
	action in {"*", "s3:*", "sqs:*"}
	some resource in environment.listed(statement.Resource)
	resource in array.concat(["*"], place.ids)
	_only_plain_text(statement)
}

_only_plain_text(statement) if {
	count(statement.Condition) == 1
	environment.compared(statement.Condition, {"Bool"}, "aws:SecureTransport") == {"false"}
}

_policies_of(place) := array.concat(
	[place | place.documents.policy],
	[policy |
		some policy in array.concat(environment.of_type("aws_s3_bucket_policy"), environment.of_type("aws_sqs_queue_policy"))
		some attribute in {"bucket", "queue_url"}
		policy.values[attribute] in place.ids
	],
)
