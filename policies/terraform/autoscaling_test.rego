# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_fixed_size_is_denied if {
	ids(terraform.deny) == {"terraform/autoscaling"} with input as with_attributes(2, {"scaling_config": [{"min_size": 5, "max_size": 5}]})
}

test_a_group_that_starts_at_its_maximum_is_warned_of if {
	ids(terraform.warn) == {"terraform/desired-size"} with input as with_attributes(2, {"scaling_config": [{"min_size": 0, "max_size": 5, "desired_size": 5}]})
}
