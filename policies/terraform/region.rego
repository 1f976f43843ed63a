# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package terraform

import data.lib.plan
import data.lib.references
import data.lib.result
import input as tfplan

# METADATA
# title: Region restriction
# description: |
#   Every region that a plan can reach is allowed: those of each AWS provider configuration,
#   including aliases and modules, and of each resource that names its own. If the region
#   of a provider cannot be read from the configuration, the region of its planned
#   resources counts, as their attribute, ARN or zone shows, or the one that its data
#   source read. If that is unknown too, the provider is refused.
# custom:
#   id: terraform/region
#   row: Region restriction
#   severity: error
#   fix: Set the provider's region, or the variable it reads, to an allowed region ({limit}).
deny contains _region_violation(plan.address(resource), "region", region, "its region is not allowed") if {
	some resource in _aws_resources
	some region in _regions_of(resource)
	not region in _limits.allowed_regions
}

deny contains _region_violation(concat("", ["provider ", key]), "region", region, "its region is not allowed") if {
	some key, _ in _aws_providers
	some region in _read_regions(key)
	not region in _limits.allowed_regions
}

deny contains _region_violation(plan.address(resource), "region", null, "its region is known only after apply") if {
	some resource in _aws_resources
	plan.unknown(resource, ["region"])
	not references.not_configured(resource, ["region"])
}

deny contains _region_violation(concat("", ["provider ", key]), "region", region, "its region is not allowed") if {
	some key, provider in _aws_providers
	region := _stated_region(provider)
	not region in _limits.allowed_regions
}

deny contains _region_violation(concat("", ["provider ", key]), "region", null, "its region cannot be known from the plan") if {
	some key, provider in _aws_providers
	not _stated_region(provider)
	not _revealed(key)
}

deny contains _region_violation("plan", "configuration.provider_config", null, "no region is given anywhere") if {
	count(_aws_providers) == 0
	not _region_variable
	some resource in _aws_resources
	not plan.value(resource, ["region"])
}

deny contains _region_violation("plan", "variables", region, "its region variable is not allowed") if {
	count(_aws_providers) == 0
	region := _region_variable
	not region in _limits.allowed_regions
}

_region_violation(resource, path, value, problem) := result.violation("terraform/region", {
	"resource": resource,
	"path": path,
	"value": value,
	"limit": _limits.allowed_regions,
	"problem": result.text(array.concat([problem], [part | value != null; some part in [": ", result.shown(value)]])),
})

# What of a resource tells its region: the attribute, its ARN, or the zone that it lies in.
_regions_of(resource) := ({region | region := plan.value(resource, ["region"])} | {region |
	some match in regex.find_all_string_submatch_n(`^arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]+):`, plan.value(resource, ["arn"]), 1)
	region := match[1]
}) | {region |
	some match in regex.find_all_string_submatch_n(_zone_pattern, plan.value(resource, ["availability_zone"]), 1)
	region := match[1]
}

_zone_pattern := `^([a-z]{2}(?:-[a-z]+)+-[0-9]+)[a-z-]`

# The region of a provider as its data source read it, from the environment for example.
_read_regions(key) := {region |
	some source in plan.known_of_type("aws_region")
	references.configuration(source).provider_config_key == key
	some attribute in ["region", "name", "id"]
	region := plan.value(source, [attribute])
}

_aws_resources := [resource |
	some resource in plan.judged
	_is_aws(resource.type)
]

_is_aws(type) if startswith(type, "aws_")

_is_aws(type) if startswith(type, "awscc_")

_aws_providers := {key: provider |
	some key, provider in tfplan.configuration.provider_config
	_is_aws_provider(provider)
}

_is_aws_provider(provider) if provider.name in {"aws", "awscc"}

_is_aws_provider(provider) if {
	some suffix in {"/hashicorp/aws", "/hashicorp/awscc"}
	endswith(provider.full_name, suffix)
}

_stated_region(provider) := region if {
	region := provider.expressions.region.constant_value
	not region in {null, ""}
}

# A variable alone; in a larger expression its value is not the region.
_stated_region(provider) := region if {
	written := provider.expressions.region.references
	count({reference | some reference in written; startswith(reference, "var.")}) == count(written)
	holder := {"module_address": object.get(provider, "module_address", "")}
	regions := references.constants(references.reached(holder, written))
	count(regions) == 1
	some region in regions
	not region in {null, ""}
}

# The provider writes its region into each resource that does not name another.
_revealed(key) if {
	some resource in _aws_resources
	_uses(resource, key)
	references.not_configured(resource, ["region"])
	count(_regions_of(resource)) > 0
}

_revealed(key) if count(_read_regions(key)) > 0

# Nothing uses it, or all that does names its own region.
_revealed(key) if {
	every resource in _users(key) {
		plan.value(resource, ["region"])
	}
}

_users(key) := [resource | some resource in _aws_resources; _uses(resource, key)]

_uses(resource, key) if references.configuration(resource).provider_config_key == key

_uses(resource, _) if not references.configuration(resource)

# Plans without a configuration: all there is to go by.
_region_variable := tfplan.variables.region.value

_region_variable := tfplan.variables.aws_region.value if not tfplan.variables.region
