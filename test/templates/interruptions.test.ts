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

test("no tag that a scaling group gets when it is active already is one that instances need", () => {
  const { stacks } = synthesize(configs.default!());
  const late = resources(stacks["dev-cluster"], "aws_autoscaling_group_tag").filter(
    ({ tag }) => tag.propagate_at_launch,
  );
  expect(late).toEqual([]);
});
