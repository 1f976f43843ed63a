# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform_test

import data.terraform

test_a_public_endpoint_open_to_the_world_is_denied if {
	ids(terraform.deny) == {"terraform/private-endpoint"} with input as with_attributes(0, {"vpc_config": [{"endpoint_private_access": true, "endpoint_public_access": true, "public_access_cidrs": ["0.0.0.0/0"]}]})
}

test_a_public_endpoint_for_a_network_is_allowed if {
	count(terraform.deny) == 0 with input as with_attributes(0, {"vpc_config": [{"endpoint_private_access": true, "endpoint_public_access": true, "public_access_cidrs": ["203.0.113.0/24"]}]})
}

test_logging_without_audit_is_denied if {
	ids(terraform.deny) == {"terraform/cluster-logging"} with input as with_attributes(0, {"enabled_cluster_log_types": ["api"]})
}
