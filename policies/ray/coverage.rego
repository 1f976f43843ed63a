# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray

import data.lib.manifest

# METADATA
# title: Coverage
# description: |
#   Every document by kind and name, and why it is not judged; an empty reason says that
#   rules read it.
# scope: document
# entrypoint: true
coverage contains {"resource": manifest.name(document.resource), "path": document.path, "reason": ""} if {
	some document in array.concat(manifest.ray, manifest.node_starters)
}

coverage contains {"resource": manifest.name(document.resource), "path": document.path, "reason": "it is of another API"} if {
	some document in manifest.passed_over
}
