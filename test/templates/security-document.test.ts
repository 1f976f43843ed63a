// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configs, platform } from "./configs";
import { cluster } from "./security-document/cluster";
import { encryption } from "./security-document/encryption";
import { guardrails } from "./security-document/guardrails";
import { network } from "./security-document/network";
import { nodes } from "./security-document/nodes";
import { pipelineAccess } from "./security-document/pipeline-access";
import { podAccess } from "./security-document/pod-access";
import { rayAndState } from "./security-document/ray-and-state";
import type { Row, Subject } from "./security-document/subject";
import { type Json, type Synthesis, synthesize } from "./synthesize";

const controls: { id: string; sentence: string; tested: string }[] = JSON.parse(
  readFileSync(join(__dirname, "../../data/controls.json"), "utf8"),
).controls;

const rows: readonly Row[] = [
  ...pipelineAccess,
  ...podAccess,
  ...encryption,
  ...nodes,
  ...network,
  ...cluster,
  ...guardrails,
  ...rayAndState,
];

let pristine: Subject;

beforeAll(() => {
  const config = platform();
  const { stacks, values } = synthesize(config);
  const clusterOf = (name: string): Json =>
    (synthesize((configs[name] as () => typeof config)()) as Synthesis).stacks["dev-cluster"];
  const { stacks: data } = synthesize((configs["data for Ray"] as () => typeof config)()) as Synthesis;
  pristine = {
    config,
    bootstrap: stacks["dev-bootstrap"],
    network: stacks["dev-network"],
    cluster: stacks["dev-cluster"],
    workloads: stacks["dev-workloads"],
    values: values.dev,
    publicEndpoint: clusterOf("public endpoint"),
    givenKey: clusterOf("given KMS key"),
    withData: { bootstrap: data["dev-bootstrap"], cluster: data["dev-cluster"] },
  };
});

test("each control that stacks can show has a row, and each row a control", () => {
  const ids = controls.filter((control) => control.tested === "synth").map((control) => control.id);
  expect(rows.map((row) => row.id).sort()).toEqual(ids.sort());
});

describe.each(rows)("$id", ({ id, holds, breaks }) => {
  test(controls.find((control) => control.id === id)?.sentence ?? id, () => {
    holds(structuredClone(pristine));
  });

  test.each(Object.entries(breaks))("is seen to break: %s", (_, breakIt) => {
    const subject = structuredClone(pristine);
    breakIt(subject);
    expect(() => holds(subject)).toThrow();
  });
});
