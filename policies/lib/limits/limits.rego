# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Limits
# description: |
#   Limits are data over defaults. A default stands in for each key that the data
#   leaves out, and for each value that cannot be a limit: a string where a
#   number belongs compares as greater than every number, which would silence the rule.
package lib.limits

import data.lib.result

# METADATA
# description: The defaults with every usable override in their place.
merged(defaults, overrides) := {key: value |
	some key, fallback in defaults
	value := _usable_or(overrides, key, fallback)
}

# METADATA
# description: One violation for each override that cannot be used.
problems(id, root, defaults, overrides) := {found |
	is_object(overrides)
	some key, fallback in defaults
	value := _override(overrides, key)
	not _usable(value, fallback)
	found := result.violation(id, {
		"resource": "limits",
		"path": concat(".", [root, key]),
		"value": value,
		"limit": fallback,
		"problem": result.text(["limit ", root, ".", key, " is ", result.shown(value), ", which is not ", _kind(fallback)]),
	})
} | {found |
	not is_object(overrides)
	found := result.violation(id, {
		"resource": "limits",
		"path": root,
		"value": overrides,
		"problem": result.text([root, " is not an object"]),
		"cause": "shape",
	})
}

# METADATA
# description: The keys of the overrides that no rule reads, such as a misspelled one.
unknown_keys(defaults, overrides) := {key |
	is_object(overrides)
	some key, _ in overrides
	not defaults[key]
}

_override(overrides, key) := overrides[key]

_usable_or(overrides, key, fallback) := overrides[key] if _usable_override(overrides, key, fallback)

_usable_or(overrides, key, fallback) := fallback if not _usable_override(overrides, key, fallback)

_usable_override(overrides, key, fallback) if {
	is_object(overrides)
	_usable(overrides[key], fallback)
}

_usable(value, fallback) if {
	is_number(fallback)
	is_number(value)
	value >= 0
}

_usable(value, fallback) if {
	is_array(fallback)
	is_array(value)
	every item in value {
		is_string(item)
		item != ""
	}
}

_kind(fallback) := "a number of at least 0" if is_number(fallback)

_kind(fallback) := "an array of non-empty strings" if is_array(fallback)
