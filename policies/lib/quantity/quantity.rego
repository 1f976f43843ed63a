# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: Kubernetes quantities
# description: |
#   Reads a Kubernetes quantity ("500m", "64Gi", "1e3", 4) as a whole number of
#   nano-units, rounded up as the API server does. Whole numbers keep sums exact,
#   where fractions would not. Undefined for whatever Kubernetes would refuse, so
#   that a caller must ask `valid` first and deny the rest.
#   `units.parse` and `units.parse_bytes` are no substitute: they read `m` as mega,
#   accept `GiB`, and do not exist in WebAssembly.
# related_resources:
# - https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
package lib.quantity

# METADATA
# description: Nano-units in one unit.
one := 1000000000

# METADATA
# description: Nano-bytes in one GiB.
gib := 1073741824 * one

_binary := {
	"Ki": 1024,
	"Mi": 1048576,
	"Gi": 1073741824,
	"Ti": 1099511627776,
	"Pi": 1125899906842624,
	"Ei": 1152921504606846976,
}

# Kubernetes caps quantities with a binary suffix at the largest 64-bit integer.
_largest_binary := 9223372036854775807 * one

_decimal := {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}

_zeros := "0000000000000000000000000000000000000000"

# Larger than any limit, small enough to add up.
_huge_exponent := 30

_pattern := concat("", [
	`^([+-]?)([0-9]{0,60})(?:\.([0-9]{0,60}))?`,
	`([KMGTPE]i|[numkMGTPE]|[eE]([+-]?)0*([0-9]{1,9}))?$`,
])

# METADATA
# description: Whether Kubernetes would accept the value as a quantity.
valid(value) if is_number(nano(value))

# METADATA
# description: |
#   The value in nano-units. Undefined if it is not a quantity.
nano(value) := _parse(value) if is_string(value)

nano(value) := _parse(json.marshal(value)) if is_number(value)

# Nearly all spellings that are met in practice are plain digits.
_parse(text) := _signed(match[1], _magnitude(match)) if {
	match := regex.find_all_string_submatch_n(_pattern, text, 1)[0]
	concat("", [match[2], match[3]]) != ""
}

_signed("", magnitude) := magnitude

_signed("+", magnitude) := magnitude

_signed("-", magnitude) := 0 - magnitude

_magnitude(match) := 0 if _digits(match) == ""

_magnitude(match) := _shift(_digits(match), (9 + _decimal[match[4]]) - count(match[3])) if {
	_digits(match) != ""
	_decimal[match[4]]
}

_magnitude(match) := _shift(_digits(match), (9 + _exponent(match)) - count(match[3])) if {
	_digits(match) != ""
	match[6] != ""
}

_magnitude(match) := min({_largest_binary, exact}) if {
	_digits(match) != ""
	exact := ceil((to_number(concat("", [_digits(match), "000000000"])) * _binary[match[4]]) / _ten_to(count(match[3])))
}

_digits(match) := trim_left(concat("", [match[2], match[3]]), "0")

_exponent(match) := _bounded(to_number(match[6])) if match[5] != "-"

_exponent(match) := 0 - _bounded(to_number(match[6])) if match[5] == "-"

_bounded(exponent) := min({exponent, 99})

# Digits times ten to the power of `places`, rounded up: done on the text, where it is exact.
_shift(digits, places) := to_number(concat("", [digits, substring(_zeros, 0, min({places, _huge_exponent}))])) if places >= 0

_shift(digits, places) := _whole_part(digits, count(digits) + places) + _round_up(digits, count(digits) + places) if places < 0

_whole_part(_, kept) := 0 if kept <= 0

_whole_part(digits, kept) := to_number(substring(digits, 0, kept)) if kept > 0

_round_up(digits, kept) := 0 if {
	kept > 0
	trim_right(substring(digits, kept, -1), "0") == ""
}

_round_up(digits, kept) := 1 if {
	kept > 0
	trim_right(substring(digits, kept, -1), "0") != ""
}

_round_up(_, kept) := 1 if kept <= 0

_ten_to(places) := to_number(concat("", ["1", substring(_places_of_zeros, 0, places)]))

_places_of_zeros := concat("", [_zeros, _zeros])
