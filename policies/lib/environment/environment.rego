# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Environment
# description: |
#   What one environment is made of: the resources of all its stacks with references
#   followed, its roles with what IAM answers, its Helm releases and Kubernetes objects.
package lib.environment

# METADATA
# description: The resources of a type, whichever stack makes them.
of_type(type) := object.get(input, ["resources", type], [])

# METADATA
# description: The environment's resolved configuration at a path; null where it has none.
configured(path) := object.get(input, array.concat(["config"], path), null)

# METADATA
# description: The blocks of a name, which synthesized JSON writes as one or as several.
blocks(from, name) := listed(object.get(from, name, null))

# METADATA
# description: A value that may be one or several, as several; none for null.
listed(value) := [] if value == null

listed(value) := value if is_array(value)

listed(value) := [value] if {
	value != null
	not is_array(value)
}

# METADATA
# description: Whether a value says yes, as Terraform reads it.
yes(from, path) if object.get(from, path, null) in {true, "true"}

# METADATA
# description: The statements of a policy document.
statements(document) := [statement | some statement in listed(object.get(document, "Statement", null)); is_object(statement)]

# METADATA
# description: Whom a statement speaks of, as kind and name. All but somebody is everybody.
principals(statement) := {[kind, name] |
	not statement.NotPrincipal
	is_object(statement.Principal)
	some kind, names in statement.Principal
	some name in listed(names)
} | {["*", "*"] | _speaks_of_everybody(statement)}

_speaks_of_everybody(statement) if statement.Principal == "*"

_speaks_of_everybody(statement) if statement.NotPrincipal

# METADATA
# description: What a condition compares a key with by one of the operators.
compared(condition, operators, key) := {value |
	some operator, keys in condition
	operator in operators
	some name, values in keys
	lower(name) == lower(key)
	some value in listed(values)
}

# METADATA
# description: The role of a name; none where no stack makes it.
roles_named(name) := [role | some role in object.get(input, "roles", []); role.name == name]

# METADATA
# description: ARN in IAM of the environment's account.
iam_arn(name) := concat("", ["arn:", input.account.partition, ":iam::", input.account.id, ":", name])

# METADATA
# description: The clusters that the stacks make.
clusters := of_type("aws_eks_cluster")
