# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references
import data.lib.result

# METADATA
# title: EBS encryption
# description: |
#   Every EBS volume is declared encrypted, and the root volume of whatever starts an
#   instance is declared: a volume from the
#   image may be unencrypted. Instance-store devices are not EBS volumes.
# custom:
#   id: terraform/encryption
#   row: EBS encryption
#   severity: error
#   fix: Set encrypted to true.
#   fixes:
#     root: Declare the root volume with encrypted set to true.
deny contains result.violation("terraform/encryption", {
	"resource": plan.address(volume.resource),
	"path": _dotted(array.concat(volume.path, ["encrypted"])),
	"value": object.get(volume.resource.change.after, array.concat(volume.path, ["encrypted"]), null),
	"limit": true,
	"problem": "the volume is not declared encrypted",
}) if {
	some volume in _volumes
	not _encrypted(volume)
}

deny contains result.violation("terraform/encryption", {
	"resource": plan.address(resource),
	"path": _root_path[resource.type],
	"limit": true,
	"problem": "the root volume is not declared, so it need not be encrypted",
	"cause": "root",
}) if {
	some resource in _instance_starters
	not _declares_root(resource)
}

# METADATA
# title: Storage cap
# description: No volume is larger than the limit; a size that is not known is refused.
# custom:
#   id: terraform/max-volume
#   row: Storage cap
#   severity: error
#   fix: Lower the size of the volume to the limit or less ({limit} GiB).
#   fixes:
#     unread: Set the size of the volume to a whole number up to the limit ({limit} GiB).
deny contains _size_violation(volume, "default", result.text(["the volume of ", result.shown(_volume_size(volume)), " GiB is over the limit"])) if {
	some volume in _sized_volumes
	_volume_size(volume) > _limits.max_volume_gib
}

deny contains _size_violation(volume, "unread", "the size of the volume is not a whole number of at least 0") if {
	some volume in _sized_volumes
	plan.value(volume.resource, volume.size_path)
	not _whole_size(volume)
}

deny contains _size_violation(volume, "unread", "the size of the volume is not known from the plan") if {
	some volume in _sized_volumes
	plan.unknown(volume.resource, volume.size_path)
	_size_unknown(volume)
}

deny contains _size_violation(volume, "unread", "the size of the volume is not set") if {
	some volume in _sized_volumes
	plan.absent(volume.resource, volume.size_path)
	_size_unknown(volume)
}

_size_violation(volume, cause, problem) := result.violation("terraform/max-volume", {
	"resource": plan.address(volume.resource),
	"path": _dotted(volume.size_path),
	"value": object.get(volume.resource.change.after, volume.size_path, null),
	"limit": _limits.max_volume_gib,
	"problem": problem,
	"cause": cause,
})

_volume_size(volume) := plan.number(volume.resource, volume.size_path)

_whole_size(volume) if plan.whole(_volume_size(volume))

# Unless the configuration says nothing of it: then the image decides, and images are small.
_size_unknown(volume) if {
	plan.unknown(volume.resource, volume.size_path)
	not references.not_configured(volume.resource, volume.size_path)
	not _size_left_to_eks(volume)
}

_size_unknown(volume) if volume.resource.type == "aws_ebs_volume"

# A volume that is copied is as large as what it is copied from.
_size_unknown(volume) if {
	_copies_snapshot(volume.resource, array.concat(volume.path, ["snapshot_id"]))
}

_copies_snapshot(resource, path) if plan.value(resource, path)

_copies_snapshot(resource, path) if count(references.references(resource, path)) > 0

_size_left_to_eks(volume) if {
	volume.resource.type == "aws_eks_node_group"
	_has_launch_template(volume.resource)
}

_encrypted(volume) if plan.boolean(volume.resource, array.concat(volume.path, ["encrypted"]))

# EBS volumes: the resource, the path of the volume in it, and the path of its size.
_volumes := array.concat(_template_volumes, array.concat(_instance_volumes, _standalone_volumes))

_sized_volumes := array.concat(_volumes, [{"resource": group, "path": [], "size_path": ["disk_size"]} |
	some group in _node_groups
])

_template_volumes := [_sized(mapping.template, ["block_device_mappings", mapping.number, "ebs", 0]) | some mapping in _ebs_mappings]

_ebs_mappings := [{"template": template, "number": number} |
	some template in array.concat(plan.of_type("aws_launch_template"), _read_templates)
	some number in plan.block_numbers(template, ["block_device_mappings"])
	_has_ebs(template, number)
]

_templates_with_root := {plan.address(mapping.template) |
	some mapping in _ebs_mappings
	_may_be_root(mapping.template, mapping.number)
}

_instance_volumes := [_sized(instance, [block, number]) |
	some type in ["aws_instance", "aws_spot_instance_request", "aws_launch_configuration"]
	some instance in plan.of_type(type)
	some block in ["root_block_device", "ebs_block_device"]
	some number in plan.block_numbers(instance, [block])
	not plan.boolean(instance, [block, number, "no_device"])
]

_standalone_volumes := [{"resource": volume, "path": [], "size_path": ["size"]} |
	some volume in plan.of_type("aws_ebs_volume")
]

_sized(resource, path) := {"resource": resource, "path": path, "size_path": array.concat(path, ["volume_size"])}

_has_ebs(template, number) if count(plan.block_numbers(template, ["block_device_mappings", number, "ebs"])) > 0

_has_ebs(template, number) if plan.unknown(template, ["block_device_mappings", number, "ebs"])

# Not the shape of a plan: judged all the same, and not found encrypted.
_has_ebs(template, number) if is_object(plan.value(template, ["block_device_mappings", number, "ebs"]))

_root_path := {
	"aws_launch_template": "block_device_mappings",
	"aws_instance": "root_block_device",
	"aws_spot_instance_request": "root_block_device",
	"aws_launch_configuration": "root_block_device",
}

_declares_root(template) if _templates_with_root[plan.address(template)]

_declares_root(instance) if count(plan.block_numbers(instance, ["root_block_device"])) > 0

# The template declares it, and is judged itself.
_declares_root(instance) if {
	count(_launch_templates(instance)) > 0
}

_root_devices := {"/dev/xvda", "/dev/sda1"}

_may_be_root(template, number) if plan.value(template, ["block_device_mappings", number, "device_name"]) in _root_devices

_may_be_root(template, number) if not plan.value(template, ["block_device_mappings", number, "device_name"])
