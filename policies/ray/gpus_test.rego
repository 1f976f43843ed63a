# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray_test

import data.ray

test_gpus_within_the_limits_are_allowed if {
	count(ray.deny) == 0 with input as with_gpu_group(4, {"maxReplicas": 5})
}

test_gpus_over_the_limit_are_denied if {
	ids(ray.deny) == {"ray/max-gpu"} with input as with_gpu_group(5, {})
}

test_gpus_without_toleration_are_denied if {
	ids(ray.deny) == {"ray/gpu-toleration"} with input as with_gpu_group(1, {"template": {"spec": {"tolerations": []}}})
}

test_half_a_gpu_is_denied if {
	ids(ray.deny) == {"ray/whole-gpus"} with input as with_gpu_group(0.5, {})
}

test_a_gpu_group_that_stays_up_is_warned_of if {
	ids(ray.warn) == {"ray/gpu-min-replicas"} with input as with_gpu_group(1, {"minReplicas": 1})
}
