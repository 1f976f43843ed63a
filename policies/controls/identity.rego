# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package controls

import data.lib.environment
import data.lib.result

# METADATA
# title: No static credentials
# description: No stack makes an IAM user, an access key, or what else a user signs in with.
# custom:
#   id: controls/no-static-credentials
#   controls: [OIDC-01]
#   row: none; a control
#   severity: error
#   fix: Use a role that GitHub Actions or a person assumes.
deny contains result.violation("controls/no-static-credentials", {
	"resource": resource.address,
	"path": "",
	"problem": "a stack makes credentials that do not expire",
}) if {
	some type in {
		"aws_iam_access_key",
		"aws_iam_service_specific_credential",
		"aws_iam_signing_certificate",
		"aws_iam_user",
		"aws_iam_user_login_profile",
		"aws_iam_user_ssh_key",
	}
	some resource in environment.of_type(type)
}

# METADATA
# title: This repository only
# description: |
#   Each role that GitHub's tokens can assume admits only this repository, by a complete
#   subject and the audience of STS.
# custom:
#   id: controls/github-trust
#   controls: [OIDC-02]
#   row: none; a control
#   severity: error
#   fix: Compare aud and sub with StringEquals, and sub with a complete subject of this repository.
deny contains _role_violation("controls/github-trust", role, "assume_role_policy", admission, "its trust policy admits more than this repository") if {
	some role in input.roles
	_is_github_role(role)
	some admission in role.admits
	not _admits_this_repository(admission)
}

# METADATA
# title: GitHub Actions roles
# description: |
#   The role that writes is bound to the GitHub environment; the roles for pull requests
#   and for drift can change nothing in the platform.
# custom:
#   id: controls/github-roles
#   controls: [OIDC-03]
#   row: none; a control
#   severity: error
#   fix: Leave the roles as the bootstrap stack makes them.
deny contains _role_violation("controls/github-roles", role, "assume_role_policy", subject, "the role that writes is not bound to the environment of GitHub") if {
	some key in {"applyRoleName", "mirrorRoleName"}
	some role in environment.roles_named(environment.configured(["deployment", key]))
	some admission in role.admits
	some subject in environment.compared(admission.condition, {"StringEquals"}, "token.actions.githubusercontent.com:sub")
	not _is_of_environment(subject)
}

deny contains result.violation("controls/github-roles", {
	"resource": answer.address,
	"path": answer.action,
	"value": answer.reason,
	"problem": result.text(["a role that only reads ", answer.what]),
}) if {
	some answer in input.answers
	answer.about == "write"
}

deny contains _role_violation("controls/github-roles", role, "policy", source, "a role that only reads has rights that no stack states") if {
	some key in {"planRoleName", "driftRoleName"}
	some role in environment.roles_named(environment.configured(["deployment", key]))
	some source in _unstated_rights(role)
}

# METADATA
# title: Permissions boundary
# description: Every role outside bootstrap has the environment's permissions boundary, and no role that deploys can create one without it.
# custom:
#   id: controls/permissions-boundary
#   controls: [IAM-01]
#   row: none; a control
#   severity: error
#   fix: Set permissions_boundary to the environment's.
#   fixes:
#     right: Remove the permission.
deny contains _role_violation("controls/permissions-boundary", role, "permissions_boundary", role.boundary, "the role has no permissions boundary of the environment") if {
	some role in input.roles
	role.stack != concat("-", [input.environment, "bootstrap"])
	not role.boundary in _boundaries
}

deny contains result.violation("controls/permissions-boundary", {
	"resource": answer.address,
	"path": answer.action,
	"value": answer.reason,
	"problem": result.text(["a role that deploys ", answer.what]),
	"cause": "right",
}) if {
	some answer in input.answers
	answer.about == "boundary"
}

# METADATA
# title: Deployment reach
# description: Roles that deploy can reach nothing outside their environment, judged as IAM would.
# custom:
#   id: controls/deployment-reach
#   controls: [IAM-02]
#   row: none; a control
#   severity: error
#   fix: Bind the statement to the environment's paths, names and tags.
deny contains result.violation("controls/deployment-reach", {
	"resource": answer.address,
	"path": answer.action,
	"value": answer.reason,
	"problem": result.text(["a role that deploys ", answer.what]),
}) if {
	some answer in input.answers
	answer.about == "reach"
}

deny contains _role_violation("controls/deployment-reach", role, "policy", source, "a role that deploys has rights that no stack states") if {
	some role in _deployers
	some source in _unstated_rights(role)
}

# METADATA
# title: People's roles
# description: |
#   People use the roles made for them. No other role admits an AWS principal, and these
#   admit only their account or those whom the options name.
# custom:
#   id: controls/people-roles
#   controls: [IAM-03]
#   row: none; a control
#   severity: error
#   fix: Remove the principal, or name it in cluster.adminPrincipalArns or access.
deny contains _role_violation("controls/people-roles", role, "assume_role_policy", admission.principal, "its trust policy admits people that no option names") if {
	some role in input.roles
	not _is_github_role(role)
	not _is_service_account_role(role)
	some admission in role.admits
	admission.kind != "Service"
	not _admits_people(role, admission)
}

deny contains result.violation("controls/people-roles", {
	"resource": entry.address,
	"path": "principal_arn",
	"value": arn,
	"problem": "someone whom no option names can use the cluster",
}) if {
	some type in {"aws_eks_access_entry", "aws_eks_access_policy_association"}
	some entry in environment.of_type(type)
	arn := object.get(entry.values, "principal_arn", "")
	not _is_named(arn)
}

_role_violation(id, role, path, value, problem) := result.violation(id, {
	"resource": role.address,
	"path": path,
	"value": value,
	"problem": problem,
})

_github_issuer := "oidc-provider/token.actions.githubusercontent.com"

_is_github_role(role) if {
	some key in {"planRoleName", "applyRoleName", "driftRoleName", "mirrorRoleName"}
	environment.configured(["deployment", "githubOidc"]) == true
	role.name == environment.configured(["deployment", key])
}

_is_github_role(role) if {
	some admission in role.admits
	endswith(admission.principal, _github_issuer)
}

_admits_this_repository(admission) if {
	admission.kind == "Federated"
	endswith(admission.principal, _github_issuer)
	admission.action == "sts:AssumeRoleWithWebIdentity"
	audiences := environment.compared(admission.condition, {"StringEquals"}, "token.actions.githubusercontent.com:aud")
	audiences in {{"sts.amazonaws.com"}, {"sts.amazonaws.com.cn"}}
	subjects := environment.compared(admission.condition, {"StringEquals"}, "token.actions.githubusercontent.com:sub")
	count(subjects) > 0
	every subject in subjects {
		_is_of_this_repository(subject)
	}
}

_is_of_this_repository(subject) if {
	repository := input.repository
	repository.ownerId == null
	startswith(subject, concat("", ["repo:", repository.owner, "/", repository.name, ":"]))
}

_is_of_this_repository(subject) if {
	repository := input.repository
	startswith(subject, concat("", ["repo:", repository.owner, "@", repository.ownerId, "/", repository.name, "@", repository.repositoryId, ":"]))
}

_is_of_environment(subject) if {
	endswith(subject, concat("", [":environment:", environment.configured(["deployment", "githubEnvironment"])]))
}

_boundaries := {arn | some arn in input.boundaries}

_deployers := [role |
	some name in ({environment.configured(["deployment", "applyRoleName"])} | {person.roleName |
		some person in environment.configured(["access", "people"])
		person.kind == "administrator"
	})
	some role in environment.roles_named(name)
]

_unstated_rights(role) := {source.arn | some source in role.attached} | {source | some source in role.unreadable}

_people := {person.roleName | some person in environment.listed(environment.configured(["access", "people"]))}

_admits_people(role, admission) if {
	role.name in _people
	admission.kind == "AWS"
	admission.principal in ({environment.iam_arn("root")} | {arn |
		some person in environment.configured(["access", "people"])
		some arn in person.principalArns
	})
}

_is_named(arn) if {
	some role in input.roles
	role.arn == arn
	role.stack == concat("-", [input.environment, "bootstrap"])
}

_is_named(arn) if {
	some key in {"adminPrincipalArns", "viewerPrincipalArns"}
	arn in environment.configured(["cluster", key])
}

# The roles of GitHub Actions may be given rather than made.
_is_named(arn) if {
	some key in {"planRoleName", "applyRoleName", "driftRoleName"}
	endswith(arn, concat("", ["/", environment.configured(["deployment", key])]))
}
