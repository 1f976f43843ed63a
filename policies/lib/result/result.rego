# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Violations
# description: |
#   The one shape of what a rule reports. Messages are joined from `json.marshal`ed
#   values, because `sprintf` differs between OPA and its WebAssembly host.
package lib.result

import data.lib.rules

# METADATA
# description: |
#   A violation: which rule, of which resource, at which path, the value found, the
#   limit it breaks, and how to fix it. `about` has resource, path, value, limit
#   (null where there is none) and problem. The fix comes from the METADATA of the rule
#   with this id: from `fixes` where `about` names a cause, else from `fix`. A rule that
#   is not generated passes its own fix.
violation(id, about) := {
	"id": id,
	"msg": concat("", [about.resource, ": ", about.problem]),
	"resource": about.resource,
	"path": about.path,
	"value": object.get(about, "value", null),
	"limit": object.get(about, "limit", null),
	"fix": object.get(about, "fix", _fix(id, about)),
}

_fix(id, about) := replace(
	object.get(rules.fixes, [id, object.get(about, "cause", "default")], ""),
	"{limit}",
	_limit_in_words(object.get(about, "limit", null)),
)

_limit_in_words(limit) := limit if is_string(limit)

_limit_in_words(limit) := json.marshal(limit) if not is_string(limit)

# METADATA
# description: One sentence from strings and values; values are written as JSON.
text(parts) := concat("", [_written(part) | some part in parts])

# METADATA
# description: A value as it is written inside a sentence.
shown(value) := {"json": value}

_written(part) := part if is_string(part)

_written(part) := json.marshal(part.json) if is_object(part)
