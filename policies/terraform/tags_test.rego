# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_missing_tag_is_denied if {
	ids(terraform.deny) == {"terraform/required-tags"} with input as with_attributes(0, {"tags_all": {"Environment": ""}})
}
