# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_public_subnet_is_denied if {
	ids(terraform.deny) == {"terraform/private-subnets"} with input as with_resource(resource("aws_subnet", {"id": "subnet-0a", "map_public_ip_on_launch": true}))
}
