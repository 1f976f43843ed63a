# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray_test

import data.ray

test_cpu_at_the_limit_is_allowed if {
	count(ray.deny) == 0 with input as with_resources({"cpu": "16000m", "memory": "64Gi"})
}

test_cpu_over_the_limit_is_denied if {
	ids(ray.deny) == {"ray/max-cpu"} with input as with_resources({"cpu": "16001m", "memory": "64Gi"})
}

test_memory_over_the_limit_is_denied if {
	ids(ray.deny) == {"ray/max-memory"} with input as with_resources({"cpu": 4, "memory": "70G"})
}

test_cpu_below_the_minimum_is_denied if {
	ids(ray.deny) == {"ray/min-cpu"} with input as with_resources({"cpu": "499m", "memory": "1Gi"})
}

test_memory_below_the_minimum_is_denied if {
	ids(ray.deny) == {"ray/min-memory"} with input as with_resources({"cpu": 1, "memory": "511Mi"})
}

test_what_is_no_quantity_is_denied if {
	ids(ray.deny) == {"ray/quantity"} with input as with_resources({"cpu": 1, "memory": "64GiB"})
}

test_a_container_without_resources_is_denied if {
	ids(ray.deny) == {"ray/resources"} with input as with_group({"template": {"spec": {"containers": [{"name": "ray"}]}}})
}

test_requests_below_limits_are_warned_of if {
	ids(ray.warn) == {"ray/qos"} with input as with_group({"template": {"spec": {"containers": [{"resources": {"requests": {"cpu": 1, "memory": "1Gi"}, "limits": {"cpu": 2, "memory": "1Gi"}}}]}}})
}
