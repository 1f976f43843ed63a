# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_gpu_group_with_the_taint_is_allowed if {
	count(terraform.deny) == 0 with input as with_attributes(2, {"instance_types": ["g4dn.xlarge"], "taint": [gpu_taint]})
}

test_a_gpu_group_without_the_taint_is_denied if {
	ids(terraform.deny) == {"terraform/gpu-taint"} with input as with_attributes(2, {"instance_types": ["g4dn.xlarge"]})
}

gpu_taint := {"key": "nvidia.com/gpu", "value": "true", "effect": "NO_SCHEDULE"}
