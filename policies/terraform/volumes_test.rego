# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_volume_that_is_not_encrypted_is_denied if {
	ids(terraform.deny) == {"terraform/encryption"} with input as with_attributes(1, {"block_device_mappings": [{"device_name": "/dev/xvda", "ebs": [{"encrypted": "false"}]}]})
}

test_a_root_that_is_not_declared_is_denied if {
	ids(terraform.deny) == {"terraform/encryption"} with input as with_attributes(1, {"block_device_mappings": []})
}

test_a_large_volume_is_denied if {
	ids(terraform.deny) == {"terraform/max-volume"} with input as with_attributes(1, {"block_device_mappings": [{"device_name": "/dev/xvda", "ebs": [{"encrypted": true, "volume_size": 501}]}]})
}
