# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_another_region_is_denied if {
	ids(terraform.deny) == {"terraform/region"} with input as object.union(plan, {"variables": {"region": {"value": "ap-south-1"}}})
}

test_a_resource_in_another_region_is_denied if {
	ids(terraform.deny) == {"terraform/region"} with input as with_attributes(0, {"region": "ap-south-1"})
}

test_no_region_anywhere_is_denied if {
	ids(terraform.deny) == {"terraform/region"} with input as object.remove(plan, ["variables", "configuration"])
}
