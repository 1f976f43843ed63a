# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_optional_tokens_are_denied if {
	ids(terraform.deny) == {"terraform/imdsv2"} with input as with_attributes(1, {"metadata_options": [{"http_tokens": "optional"}]})
}

test_a_disabled_endpoint_is_allowed if {
	count(terraform.deny) == 0 with input as with_attributes(1, {"metadata_options": [{"http_endpoint": "disabled"}]})
}
