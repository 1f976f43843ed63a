# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package cases_test

# METADATA
# description: Cases whose verdict differs from what their table says. Prints them when there are any.
differences contains difference if {
	some entry in data.cases
	found := judged(entry)
	found != {"deny": {id | some id in entry.deny}, "warn": {id | some id in entry.warn}}
	difference := {"case": concat(": ", [entry.file, entry.name]), "found": found}
}

judged(entry) := verdict if {
	entry.policy == "ray"
	verdict := {
		"deny": {violation.id | some violation in data.ray.deny with input as entry.input with data.limits as entry.limits},
		"warn": {violation.id | some violation in data.ray.warn with input as entry.input with data.limits as entry.limits},
	}
}

judged(entry) := verdict if {
	entry.policy == "terraform"
	verdict := {
		"deny": {violation.id | some violation in data.terraform.deny with input as entry.input with data.limits as entry.limits},
		"warn": {violation.id | some violation in data.terraform.warn with input as entry.input with data.limits as entry.limits},
	}
}

# METADATA
# description: Cases whose denials are in other words than their table says.
said_otherwise contains difference if {
	some entry in data.cases
	is_array(entry.says)
	found := said(entry)
	found != {text | some text in entry.says}
	difference := {"case": concat(": ", [entry.file, entry.name]), "found": found}
}

said(entry) := {in_words(violation) | some violation in data.ray.deny with input as entry.input with data.limits as entry.limits} if {
	entry.policy == "ray"
}

said(entry) := {in_words(violation) | some violation in data.terraform.deny with input as entry.input with data.limits as entry.limits} if {
	entry.policy == "terraform"
}

in_words(violation) := substring(violation.msg, count(violation.resource) + 2, -1)

# METADATA
# description: Cases whose coverage differs from what their table says.
uncovered contains difference if {
	some entry in data.cases
	expected := {[resource, reason] | some resource, reason in entry.coverage}
	found := covered(entry)
	found != expected
	difference := {"case": concat(": ", [entry.file, entry.name]), "found": found}
}

covered(entry) := {[part.resource, part.reason] | some part in data.ray.coverage with input as entry.input} if {
	entry.policy == "ray"
	is_object(entry.coverage)
}

covered(entry) := {[part.resource, part.reason] | some part in data.terraform.coverage with input as entry.input} if {
	entry.policy == "terraform"
	is_object(entry.coverage)
}

test_every_case_has_the_verdict_of_its_table if {
	print(differences) # regal ignore:print-or-trace-call
	count(differences) == 0
}

test_every_case_has_the_coverage_of_its_table if {
	print(uncovered) # regal ignore:print-or-trace-call
	count(uncovered) == 0
}

test_every_case_says_what_its_table_does if {
	print(said_otherwise) # regal ignore:print-or-trace-call
	count(said_otherwise) == 0
}

test_there_are_cases if count(data.cases) > 250

# The compiled policies see undefined input where OPA's command line has none.
test_no_input_at_all_is_denied if {
	count(data.terraform.deny) > 0
	count(data.ray.deny) > 0
}
