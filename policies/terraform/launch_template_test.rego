# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_group_without_one_is_denied if {
	ids(terraform.deny) == {"terraform/launch-template"} with input as with_attributes(2, {"launch_template": []})
}

test_one_of_another_plan_is_warned_of if {
	ids(terraform.warn) == {"terraform/launch-template-elsewhere"} with input as with_attributes(2, {"launch_template": [{"name": "other"}]})
}
