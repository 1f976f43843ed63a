# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Shapes
# description: |
#   Questions about a place in a document that may not be there. OPA evaluates the
#   operands of a negated call before the negation: `not is_object(x.y)` is undefined,
#   and its rule silent, where `x.y` is. Negate these instead.
package lib.shape

# METADATA
# description: Whether there is an object at the path.
object_at(from, path) if is_object(object.get(from, path, null))

# METADATA
# description: Whether there is an array at the path.
array_at(from, path) if is_array(object.get(from, path, null))

# METADATA
# description: Whether there is a string at the path.
string_at(from, path) if is_string(object.get(from, path, null))

# METADATA
# description: Whether there is true or false at the path.
boolean_at(from, path) if is_boolean(object.get(from, path, null))

# METADATA
# description: Whether there is anything but null at the path, which stands for an absent value.
given_at(from, path) if object.get(from, path, null) != null
