# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_group_at_the_limit_is_allowed if {
	count(terraform.deny) == 0 with input as with_attributes(2, {"scaling_config": [{"min_size": 0, "max_size": 20}]})
}

test_a_group_over_the_limit_is_denied if {
	ids(terraform.deny) == {"terraform/max-nodes"} with input as with_attributes(2, {"scaling_config": [{"min_size": 0, "max_size": 21}]})
}

test_gpu_groups_over_the_limit_are_denied if {
	ids(terraform.deny) == {"terraform/max-gpu-nodes"} with input as with_attributes(2, {"instance_types": ["g4dn.xlarge"], "taint": [gpu_taint], "scaling_config": [{"min_size": 0, "max_size": 11}]})
}
