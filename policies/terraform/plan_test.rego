# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_plan_within_the_limits_is_allowed if {
	count(terraform.deny) == 0 with input as plan
}

test_an_empty_object_is_denied if {
	ids(terraform.deny) == {"terraform/plan"} with input as {}
}

test_an_errored_plan_is_denied if {
	ids(terraform.deny) == {"terraform/plan"} with input as object.union(plan, {"errored": true})
}

test_an_incomplete_plan_is_denied if {
	ids(terraform.deny) == {"terraform/plan"} with input as object.union(plan, {"complete": false})
}

test_a_plan_without_changes_is_allowed if {
	count(terraform.deny) == 0 with input as {"format_version": "1.2", "planned_values": {}}
}

test_a_deleted_resource_is_not_judged if {
	count(terraform.deny) == 0 with input as with_resource({"mode": "managed", "type": "aws_eks_cluster", "name": "old", "change": {"actions": ["delete"], "after": null}})
}
