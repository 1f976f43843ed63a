# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ray

import data.lib.manifest
import data.lib.result

# METADATA
# title: Required labels
# description: Each resource that creates pods has the required labels with a value.
# custom:
#   id: ray/required-labels
#   row: Required labels
#   severity: error
#   fix: Add the label under metadata.labels, with a value.
deny contains result.violation("ray/required-labels", {
	"resource": cluster.resource,
	"path": manifest.written_path(cluster.document, ["metadata", "labels", label]),
	"value": object.get(cluster.document.resource, ["metadata", "labels", label], null),
	"limit": _limits.required_labels,
	"problem": result.text(["the required label ", result.shown(label), " is missing or empty"]),
}) if {
	some cluster in _clusters
	some label in _limits.required_labels
	not _has_label(cluster.document.resource, label)
}

_has_label(resource, label) if {
	text := resource.metadata.labels[label]
	trim_space(text) != ""
}
