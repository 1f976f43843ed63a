# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package lib.quantity_test

import data.lib.quantity

test_spellings_of_one if {
	every spelling in ["1", 1, "1000m", "1000000u", "1000000000n", "1.0", "+1", "01", "1e0", "10E-1", "1."] {
		quantity.nano(spelling) == quantity.one
	}
}

test_suffixes if {
	quantity.nano("64Gi") == 64 * quantity.gib
	quantity.nano("1k") == 1000 * quantity.one
	quantity.nano("0.5Gi") == quantity.gib / 2
}

test_less_than_a_nano_unit_is_one if quantity.nano("0.0000000001") == 1

test_no_quantities if {
	every spelling in ["", "GiB", "64GiB", "1K", "4 ", "1e", ".", "0x4", "1_000", "lots", true, null, [], {}] {
		not quantity.valid(spelling)
	}
}
