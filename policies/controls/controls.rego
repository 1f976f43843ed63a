# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Controls
# description: |
#   What the security document states, proven on everything that one environment is
#   made of: all its stacks together, so that another stack, an older resource type, an
#   inline block, an attachment or a Helm value gets around nothing. The rules are proofs
#   of the controls in their METADATA; one whose control the options switch off is silent.
# related_resources:
# - ref: docs/security-architecture.md
#   description: the security document, "Register of controls"
package controls

import data.lib.environment
import data.lib.result
import data.lib.shape

# METADATA
# title: Violations
# description: Every violation of a control.
# scope: document
# entrypoint: true

# METADATA
# title: Readable environment
# description: Without a synthesized environment there is nothing to judge.
# custom:
#   id: controls/input
#   controls: []
#   row: none; what cannot be read is refused
#   severity: error
#   fix: Run the task `synth` first.
deny contains result.violation("controls/input", {
	"resource": "input",
	"path": "",
	"problem": "this is not an environment with its stacks",
}) if {
	not _is_environment
}

_is_environment if {
	shape.object_at(input, ["config"])
	shape.object_at(input, ["resources"])
	shape.array_at(input, ["roles"])
}

# METADATA
# title: Unread resources
# description: |
#   No stack makes what a control speaks of through another provider or another engine:
#   the cloud control API and its provider, CloudFormation, or a product of the Service
#   Catalog. What they make has no resource that the rules could read.
# custom:
#   id: controls/unread-types
#   controls: []
#   row: none; what cannot be read is refused
#   severity: error
#   fix: Make it with a resource of the AWS provider.
deny contains result.violation("controls/unread-types", {
	"resource": resource.address,
	"path": "",
	"value": type,
	"problem": "no rule reads what it makes",
}) if {
	some type, resources in input.resources
	_makes_unread(type)
	some resource in resources
}

_makes_unread(type) if {
	regex.match(`^awscc_(?:autoscaling|ec2|eks|events|iam|kms|logs|s3|sqs)_`, type)
}

_makes_unread(type) if {
	type in {
		"aws_cloudcontrolapi_resource",
		"aws_cloudformation_stack",
		"aws_cloudformation_stack_instances",
		"aws_cloudformation_stack_set",
		"aws_cloudformation_stack_set_instance",
		"aws_servicecatalog_provisioned_product",
	}
}

# METADATA
# title: Absent controls
# description: The controls that this environment's options leave out.
# scope: document
# entrypoint: true
absent contains "KMS-05" if {
	environment.configured(["cluster", "kmsKeyArn"]) == null
}

absent contains id if {
	environment.configured(["cluster", "kmsKeyArn"]) != null
	some id in {"KMS-03", "KMS-04"}
}

absent contains id if {
	environment.configured(["deployment", "githubOidc"]) == false
	some id in {"OIDC-01", "OIDC-02", "OIDC-03"}
}

absent contains "NET-06" if {
	environment.configured(["network", "mode"]) == "existing"
}

absent contains "NET-05" if {
	count(environment.listed(environment.configured(["network", "interfaceEndpoints"]))) == 0
}

absent contains "IRSA-06" if {
	count(environment.listed(environment.configured(["ray", "identities"]))) == 0
}

absent contains "RAY-01" if {
	environment.configured(["ray", "tokenAuth"]) == false
}
