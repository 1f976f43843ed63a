// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { configs, platform } from "./configs";
import { type Json, resources, synthesize } from "./synthesize";

/** The tag that the termination handler looks for on an instance before it drains the node. */
function managedTag(stacks: Record<string, Json>, environment: string): string {
  const [handler] = resources(stacks[`${environment}-workloads`], "helm_release").filter(
    ({ name }) => name === "aws-node-termination-handler",
  );
  const { checkTagBeforeDraining, managedTag: tag } = JSON.parse(handler.values[0]);
  expect(checkTagBeforeDraining).toBe(true);
  return tag;
}

test.each(["default", "H100 capacity block", "Bottlerocket"])(
  "every instance has the handler's tag from its launch on: %s",
  (name) => {
    const { stacks } = synthesize(configs[name]!());
    const templates = resources(stacks["dev-cluster"], "aws_launch_template");
    expect(templates.length).toBeGreaterThan(1);
    for (const { tag_specifications } of templates) {
      const instance = tag_specifications.find((one: Json) => one.resource_type === "instance");
      expect(instance.tags[managedTag(stacks, "dev")]).toBe("owned");
    }
  },
);

test("environments of one account do not act on each other's instances", () => {
  const environments = ["dev", "test"].map((name) => ({ name, awsAccountId: "111122223333" }));
  const { stacks } = synthesize(platform({ environmentNames: undefined, environments }));
  const [dev, other] = environments.map(({ name }) => managedTag(stacks, name));
  expect(dev).not.toBe(other);
  expect(dev).toContain("ml-platform-dev");
});

test("tags of a scaling group that reach later instances are descriptions, which instances have from their launch on too", () => {
  const { stacks } = synthesize(configs.default!());
  const description = ["ManagedBy", "Environment", "Repository"];
  const groupTags = resources(stacks["dev-cluster"], "aws_autoscaling_group_tag").map(({ tag }) => tag);
  const late = new Set(groupTags.filter((tag) => tag.propagate_at_launch).map(({ key }) => key));
  expect([...late].sort()).toEqual([...description].sort());
  for (const { tag_specifications } of resources(stacks["dev-cluster"], "aws_launch_template")) {
    expect(Object.keys(tag_specifications[0].tags)).toEqual(expect.arrayContaining(description));
  }
});

test("a changed description replaces no node, and a tag that something acts by reaches instances", () => {
  const { stacks } = synthesize(configs.default!());
  for (const { lifecycle, tag_specifications } of resources(stacks["dev-cluster"], "aws_launch_template")) {
    for (const [index, { tags }] of tag_specifications.entries()) {
      const ignored = (key: string) => lifecycle.ignore_changes.includes(`tag_specifications[${index}].tags["${key}"]`);
      expect(Object.keys(tags).filter(ignored).sort()).toEqual(["Environment", "ManagedBy", "Repository"]);
      expect(tags[managedTag(stacks, "dev")]).toBe("owned");
    }
    expect(lifecycle.ignore_changes).not.toContain("tag_specifications");
  }
});
