# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray_test

import data.ray

test_limits_are_data if {
	ids(ray.deny) == {"ray/max-workers"} with input as cluster with data.limits.ray as {"max_total_workers": 9}
}

test_a_limit_of_the_wrong_type_is_denied if {
	ids(ray.deny) == {"ray/limits"} with input as cluster with data.limits.ray as {"max_total_workers": "90"}
}

test_a_misspelt_limit_is_warned_of if {
	ids(ray.warn) == {"ray/limits"} with input as cluster with data.limits.ray as {"max_workers": 9}
}
