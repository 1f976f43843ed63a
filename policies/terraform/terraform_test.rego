# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_limits_are_data if {
	ids(terraform.deny) == {"terraform/max-nodes"} with input as plan with data.limits.terraform as {"max_nodes_per_group": 4}
}

test_a_limit_of_the_wrong_type_is_denied if {
	ids(terraform.deny) == {"terraform/limits"} with input as plan with data.limits.terraform as {"max_nodes_per_group": "40"}
}
