# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray_test

import data.ray

test_a_cluster_within_the_limits_is_allowed if {
	count(ray.deny) == 0 with input as cluster
}

test_an_empty_object_is_denied if {
	ids(ray.deny) == {"ray/manifest"} with input as {}
}

test_a_misspelt_kind_is_denied if {
	ids(ray.deny) == {"ray/manifest"} with input as object.union(cluster, {"kind": "RayClustr"})
}

test_documents_of_other_apis_may_lie_beside if {
	count(ray.deny) == 0 with input as [cluster, {"apiVersion": "v1", "kind": "ServiceAccount"}]
}

test_null_among_the_documents_is_denied if {
	ids(ray.deny) == {"ray/manifest"} with input as [cluster, null]
}

test_a_job_that_selects_a_cluster_is_allowed if {
	count(ray.deny) == 0 with input as {"apiVersion": "ray.io/v1", "kind": "RayJob", "metadata": {"name": "it"}, "spec": {"clusterSelector": {"ray.io/cluster": "it"}}}
}
