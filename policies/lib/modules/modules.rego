# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Modules of a state
# description: |
#   The modules that a state or a plan's values nest, to a depth of 15. Rego has no
#   recursion, so each step below looks twice as deep as the one before. Callers must
#   refuse what `deeper` names.
package lib.modules

# METADATA
# description: The module and all modules within it.
within(root) := array.concat(_levels_8(root), _levels_8(_children_8(root)))

# METADATA
# description: The modules that are nested deeper than `within` looks.
deeper(root) := _children_8(_children_8(root))

_levels_8(modules) := array.concat(_levels_4(modules), _levels_4(_children_4(modules)))

_levels_4(modules) := array.concat(_levels_2(modules), _levels_2(_children_2(modules)))

_levels_2(modules) := array.concat(modules, _children(modules))

_children_8(modules) := _children_4(_children_4(modules))

_children_4(modules) := _children_2(_children_2(modules))

_children_2(modules) := _children(_children(modules))

_children(modules) := [child | some module in modules; some child in module.child_modules]
