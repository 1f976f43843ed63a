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

export default {
  kind: "a limit",
  change(tree) {
    tree.addBehind(
      "src/options/policy-limit-options.ts",
      "readonly maxVolumeGib?: number;",
      "\n  /**\n   * Smallest volume in GiB.\n   * @default 1\n   */\n  readonly minVolumeGib?: number;",
    );
    tree.addBehind(
      "src/config/limits.ts",
      'max_volume_gib: whole(limits, "maxVolumeGib", 20, 16384, 500, issues),',
      '\n    min_volume_gib: whole(limits, "minVolumeGib", 1, 16384, 1, issues),',
    );
    tree.edit("src/config/node-pools.ts", [
      '{ min: 20, max: limits.terraform.max_volume_gib, limit: "policyLimits.maxVolumeGib" },',
      '{\n      min: Math.max(20, limits.terraform.min_volume_gib),\n      max: limits.terraform.max_volume_gib,\n      limit: "policyLimits.maxVolumeGib",\n    },',
    ]);
    tree.addBehind(
      "templates/src/platform/platform-config.ts",
      "readonly max_volume_gib: number;",
      "\n  readonly min_volume_gib: number;",
    );
    tree.addBehind("policies/terraform/terraform.rego", '"max_volume_gib": 500,', '\n\t"min_volume_gib": 1,');
    tree.addBehind("policies/terraform/volumes.rego", "import data.lib.result\n", RULE);
    tree.edit("templates/src/platform/limits.ts", [
      "    gpuNodes += isGpu",
      "    if (known(pool.volume.sizeGib) && pool.volume.sizeGib < terraform.min_volume_gib) {\n      violations.push(`volume: ${where} has volumes below ${terraform.min_volume_gib} GiB`);\n    }\n    gpuNodes += isGpu",
    ]);
    tree.addBehind(
      "templates/docs/security-architecture.md.mustache",
      "at most {{limits.terraform.max_volume_gib}} GiB a volume |\n",
      "| Least storage | `terraform/min-volume` | at least {{limits.terraform.min_volume_gib}} GiB a volume |\n",
    );
    tree.addBehind(
      "test/templates/limits-agree.test.ts",
      'limited("maxVolumeGib", 200, 199),',
      '\n  limited("minVolumeGib", 100, 101),',
    );
    tree.addBehind(
      "test/policies/cases/terraform-volumes.yaml",
      "\ncases:\n",
      '  - name: "a volume below the least"\n    edit:\n      - ["resource_changes 1 change after block_device_mappings 0 ebs 0 volume_size", 9]\n    limits: {"terraform": {"min_volume_gib": 10}}\n    deny: ["terraform/min-volume"]\n',
    );
  },
};
