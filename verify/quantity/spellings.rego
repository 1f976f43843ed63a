# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package spellings

import data.lib.quantity

# What the policies make of each text of the input, "invalid" or nano-units.
results := [result | some text in input; result := _result(text)]

_result(text) := quantity.nano(text) if quantity.valid(text)

_result(text) := "invalid" if not quantity.valid(text)
