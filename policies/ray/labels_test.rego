# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray_test

import data.ray

test_a_missing_label_is_denied if {
	ids(ray.deny) == {"ray/required-labels"} with input as json.remove(cluster, ["metadata/labels/app"])
}
