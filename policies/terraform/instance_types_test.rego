# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_another_type_is_denied if {
	ids(terraform.deny) == {"terraform/instance-type"} with input as with_attributes(2, {"instance_types": ["c5.large"]})
}

test_the_type_of_the_launch_template_counts if {
	ids(terraform.deny) == {"terraform/instance-type"} with input as with_attributes(1, {"instance_type": "c5.large"})
}
