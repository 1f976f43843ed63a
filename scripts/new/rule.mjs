// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What `opa test` and the list of rules refuse, so that it is replaced. */
const TO_WRITE = "<to be written>";

/** What the rule of each policy looks at, until its own condition is written: the name. */
const POLICIES = {
  terraform: {
    imports: ["plan", "result"],
    resource: "plan.address(resource)",
    value: "resource.change.after.name",
    body: [
      "some resource in plan.judged",
      'resource.type == "aws_eks_cluster"',
      'resource.change.after.name == "to-be-written"',
    ],
    input: 'with_attributes(0, {"name": "to-be-written"})',
    base: "plan",
    edit: "resource_changes 0 change after name",
  },
  ray: {
    imports: ["result"],
    resource: "cluster.resource",
    value: "cluster.document.resource.metadata.name",
    body: ["some cluster in _clusters", 'cluster.document.resource.metadata.name == "to-be-written"'],
    input: 'object.union(cluster, {"metadata": {"name": "to-be-written"}})',
    base: "ray-cluster",
    edit: "metadata name",
  },
};

export default {
  summary: "a policy rule: its Rego with METADATA, its test, its cases for both engines",
  name: {
    pattern: /^(terraform|ray)\/[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    rule: "the policy, a slash, and lower-case words with hyphens",
    example: "terraform/cluster-name",
  },
  scaffold(id) {
    const [policy, name] = id.split("/");
    const file = name.replaceAll("-", "_");
    return {
      files: {
        [`policies/${policy}/${file}.rego`]: rule(id, policy),
        [`policies/${policy}/${file}_test.rego`]: test(id, policy),
        [`test/policies/cases/${policy}-${name}.yaml`]: cases(id, policy),
      },
      next: [
        `Replace each ${TO_WRITE}: title, description, the row of the security document, fix and condition in policies/${policy}/${file}.rego.`,
        `Write the inputs that it denies and those that it allows in test/policies/cases/${policy}-${name}.yaml; both engines judge them.`,
        "Build the bundle, with OPA of the version that workflows/pins.json pins: OPA=/path/to/opa node policies/build.mjs",
        "Run the tests: opa test policies && npx jest test/policies",
        "Break each condition once: npm run verify -- --only opa-policies,opa-mutation",
      ],
    };
  },
};

function header(policy) {
  return `# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

package ${policy}
`;
}

function rule(id, policy) {
  const { imports, resource, value, body } = POLICIES[policy];
  return `${header(policy)}
${imports.map((name) => `import data.lib.${name}`).join("\n")}

# METADATA
# title: ${TO_WRITE}
# description: ${TO_WRITE}
# custom:
#   id: ${id}
#   row: ${TO_WRITE}
#   severity: error
#   fix: ${TO_WRITE}
deny contains result.violation("${id}", {
	"resource": ${resource},
	"path": "name",
	"value": ${value},
	"limit": null,
	"problem": "${TO_WRITE}",
}) if {
${body.map((line) => `\t${line}`).join("\n")}
}
`;
}

function test(id, policy) {
  return `${header(`${policy}_test`)}
import data.${policy}

test_${id.split("/")[1].replaceAll("-", "_")}_is_denied if {
	ids(${policy}.deny) == {"${id}"} with input as ${POLICIES[policy].input}
}
`;
}

function cases(id, policy) {
  const { base, edit } = POLICIES[policy];
  return `# ${TO_WRITE}
policy: ${policy}
base: ${base}
cases:
  - name: "allowed: ${TO_WRITE}"
  - name: "denied: ${TO_WRITE}"
    edit:
      - ["${edit}", "to-be-written"]
    deny: ["${id}"]
`;
}
