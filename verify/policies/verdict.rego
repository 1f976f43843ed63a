# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Verdicts of the cases
# description: What the cases state of an input, in one evaluation, so that deny and warn share their work.
package verdict

# METADATA
# entrypoint: true
ray := {
	"deny": {violation.id | some violation in data.ray.deny},
	"warn": {violation.id | some violation in data.ray.warn},
	"says": {problem(violation) | some violation in data.ray.deny},
}

# METADATA
# entrypoint: true
terraform := {
	"deny": {violation.id | some violation in data.terraform.deny},
	"warn": {violation.id | some violation in data.terraform.warn},
	"says": {problem(violation) | some violation in data.terraform.deny},
}

# METADATA
# description: A violation in words, without the resource.
problem(violation) := substring(violation.msg, count(violation.resource) + 2, -1)
