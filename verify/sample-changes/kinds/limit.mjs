// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const RULE = `
# METADATA
# title: Least storage
# description: No volume is smaller than the limit.
# custom:
#   id: terraform/min-volume
#   row: Least storage
#   severity: error
#   fix: Raise the size of the volume.
deny contains result.violation("terraform/min-volume", {
	"resource": plan.address(volume.resource),
	"path": _dotted(volume.size_path),
	"value": _volume_size(volume),
	"limit": _limits.min_volume_gib,
	"problem": "the volume is smaller than the limit",
}) if {
	some volume in _sized_volumes
	size := _volume_size(volume)
	size >= 0
	size < _limits.min_volume_gib
}
`;

const RECORD = `
  min_volume_gib: {
    rule: "terraform/min-volume",
    row: "Least storage",
    text: "at least {limit} GiB a volume",
    from: 0,
    to: 16384,
    fallback: 0,
    atMost: "max_volume_gib",
    bounds: "least",
    title: "volume",
    finding: "has volumes of {value} GiB",
    measure: (environment: MeasuredEnvironment) => eachPool(environment, (pool) => pool.volume.sizeGib),
  },`;

export default {
  kind: "a limit",
  change(tree) {
    tree.addBehind(
      "src/options/policy-limit-options.ts",
      "readonly maxVolumeGib?: number;",
      "\n  /**\n   * Smallest volume in GiB.\n   * @default 0\n   */\n  readonly minVolumeGib?: number;",
    );
    tree.addBehind(
      "templates/src/platform/limit-records.ts",
      "measure: (environment: MeasuredEnvironment) => eachPool(environment, (pool) => pool.volume.sizeGib),\n  },",
      RECORD,
    );
    tree.addBehind("policies/terraform/terraform.rego", '"max_volume_gib": 500,', '\n\t"min_volume_gib": 0,');
    tree.addBehind("policies/terraform/volumes.rego", "import data.lib.result\n", RULE);
    tree.addBehind(
      "test/policies/cases/terraform-volumes.yaml",
      "\ncases:\n",
      '  - name: "a volume below the least"\n    edit:\n      - ["resource_changes 1 change after block_device_mappings 0 ebs 0 volume_size", 9]\n    limits: {"terraform": {"min_volume_gib": 10}}\n    deny: ["terraform/min-volume"]\n',
    );
  },
};
