# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray_test

import data.ray

test_workers_at_the_limit_are_allowed if {
	count(ray.deny) == 0 with input as with_group({"maxReplicas": 50})
}

test_workers_over_the_limit_are_denied if {
	ids(ray.deny) == {"ray/max-workers"} with input as with_group({"maxReplicas": 51})
}

test_hosts_count if {
	ids(ray.deny) == {"ray/max-workers"} with input as with_group({"maxReplicas": 20, "numOfHosts": 3})
}

test_no_maximum_is_denied if {
	ids(ray.deny) == {"ray/replicas"} with input as with_group({"maxReplicas": null})
}

test_gpus_in_all_over_the_limit_are_denied if {
	ids(ray.deny) == {"ray/max-gpus"} with input as with_gpu_group(4, {"maxReplicas": 6})
}

test_a_fixed_size_is_warned_of if {
	ids(ray.warn) == {"ray/fixed-size"} with input as with_group({"minReplicas": 10})
}
