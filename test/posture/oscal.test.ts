// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { controlRecords, frameworks } from "../../src/controls/control-record";
import { uuidOf } from "../../src/posture/name-uuid";
import { type DatedSubject, oscal } from "../../src/posture/oscal";
import type { PlatformFacts } from "../../src/posture/platform-facts";
import type { PostureReport } from "../../src/reports/posture-report";

type Control = PostureReport["controls"][number];
type Json = Record<string, any>;

const SCHEMA = JSON.parse(
  readFileSync(join(__dirname, "oscal-schema", "oscal_assessment-results_schema.json"), "utf8"),
  // The ids within repeat where each definition stands, which is how it is referred to.
  (key, value) => (key === "$id" && String(value).startsWith("#") ? undefined : value),
);
const ajv = new Ajv({ strict: false, allErrors: true });
// What the patterns of the schema leave open; they hold the rest.
ajv.addFormat("uri", (text: string) => URL.canParse(text));
ajv.addFormat("uri-reference", (text: string) => URL.canParse(text, "https://example.com/"));
ajv.addFormat("date-time", (text: string) => !Number.isNaN(Date.parse(text)));
ajv.addFormat("email", /@/);
const validate = ajv.compile(SCHEMA);

const COMMIT = { id: "a".repeat(40), date: "2026-11-27T09:30:00Z", isChanged: false };
const PROD_FILE = "cdktf.out/stacks/prod-cluster/cdk.tf.json";

function environment(name: string): PlatformFacts {
  return {
    environment: name,
    accountId: null,
    region: "us-east-1",
    stacks: [`${name}-cluster`, "shared"],
  } as unknown as PlatformFacts;
}

function control(id: string, state: string, more: Partial<Control> = {}): Control {
  return {
    id,
    state,
    statements: [{ state: "held", sentence: "It holds.", environments: ["dev", "prod"] }],
    rules: [],
    evidence: [{ file: "src/a file.ts", line: 3 }],
    ...more,
  };
}

const CONTROLS: readonly Control[] = [
  control("NET-06", "proven", { rules: ["controls/net-06"] }),
  control("IMDS-01", "violated", {
    rules: ["controls/imds-01"],
    evidence: [{ file: PROD_FILE, line: 7, resource: "aws_launch_template.gpu", problem: "it is\n optional " }],
  }),
  control("CI-04", "released"),
  control("APP-01", "unproven"),
  control("KMS-02", "proven", {
    statements: [
      { state: "delegated", sentence: "The key is given.", environments: ["dev"] },
      { state: "weakened", sentence: "The key is shared.", environments: ["prod"] },
    ],
  }),
  control("IRSA-06", "absent", {
    statements: [{ state: "absent", sentence: "There is none.", environments: ["dev", "prod"] }],
  }),
];

function subject(more: Partial<DatedSubject> = {}): DatedSubject {
  return {
    platform: { name: "ml-platform", repository: { owner: "acme", name: "ml-platform" } },
    controls: CONTROLS,
    environments: [environment("dev"), environment("prod")],
    exceptions: [
      { option: "workflows.tfsec.exceptions", id: "aws-x", reason: "Asked for\nby the owner", expires: "2026-12-31" },
      { option: "workflows.tfsec.exceptions", id: "aws-x", reason: "In another file", expires: "2026-01-31" },
      { option: "workflows.relax[0]", id: "runner", reason: "Own runners", expires: null },
    ],
    commit: COMMIT,
    ...more,
  } as unknown as DatedSubject;
}

function results(more: Partial<DatedSubject> = {}): { readonly document: Json; readonly result: Json } {
  const document = JSON.parse(oscal(subject(more)))["assessment-results"];
  return { document, result: document.results[0] };
}

const stateOf = (item: Json, name = "state") => item.props.find((property: Json) => property.name === name)?.value;

test.each<[string, Partial<DatedSubject>]>([
  ["every state", {}],
  ["no exception", { exceptions: [] }],
  ["a changed tree", { commit: { ...COMMIT, isChanged: true } }],
  ["no owner", { platform: { ...subject().platform, repository: { owner: "", name: "x" } } as any }],
  ["a breach that names no resource", { controls: [control("NET-06", "violated", { evidence: [{ file: "f" }] })] }],
  [
    "every control of the register",
    { controls: controlRecords().map(({ id }) => control(id, "proven")), environments: [environment("dev")] },
  ],
])("it is valid by NIST's schema with %s", (_, more) => {
  validate(JSON.parse(oscal(subject(more))));
  expect(validate.errors ?? []).toEqual([]);
});

test("the schema finds what is wrong", () => {
  const broken = JSON.parse(oscal(subject()));
  const result = broken["assessment-results"].results[0];
  result.observations[0].uuid = "1";
  result.findings[0].target.status.state = "fine";
  result.risks[0].deadline = "2026-12-31";
  result.more = true;
  expect(validate(broken)).toBe(false);
  const places = validate.errors?.map(({ instancePath }) => instancePath.replace("/assessment-results/results/0", ""));
  expect(places).toEqual(
    expect.arrayContaining(["", "/observations/0/uuid", "/findings/0/target/status/state", "/risks/0/deadline"]),
  );
});

test("every UUID stands for one thing, and every reference leads to one", () => {
  const text = oscal(subject());
  const made = [...text.matchAll(/^\s*"uuid": "([^"]+)"/gm)].map(([, uuid]) => uuid);
  expect(made).toHaveLength(new Set(made).size);
  const references = [...text.matchAll(/"[a-z]+-uuid": "([^"]+)"|"href": "#([^"]+)"/g)].map(
    ([, uuid, link]) => uuid ?? link,
  );
  expect(references.length).toBeGreaterThan(10);
  expect(references.filter((uuid) => !made.includes(uuid))).toEqual([]);
});

test("a finding is what a control came to in an environment; one that binds nothing there is only observed", () => {
  const { result } = results();
  const found = (list: readonly Json[]) => list.map((item) => `${item.title}: ${stateOf(item)}`);
  expect(found(result.observations)).toEqual([
    "NET-06 in dev: proven",
    "IMDS-01 in dev: proven",
    "CI-04 in dev: released",
    "APP-01 in dev: unproven",
    "KMS-02 in dev: delegated",
    "IRSA-06 in dev: absent",
    "NET-06 in prod: proven",
    "IMDS-01 in prod: violated",
    "CI-04 in prod: released",
    "APP-01 in prod: unproven",
    "KMS-02 in prod: proven",
    "IRSA-06 in prod: absent",
  ]);
  const verdicts = Object.fromEntries(
    result.findings.map(({ title, target }: Json) => [title, `${target.status.state}, ${target.status.reason}`]),
  );
  expect(verdicts).toMatchObject({
    "NET-06 in prod": "satisfied, pass",
    "IMDS-01 in dev": "satisfied, pass",
    "IMDS-01 in prod": "not-satisfied, fail",
    "CI-04 in dev": "not-satisfied, other",
    "APP-01 in dev": "not-satisfied, other",
  });
  expect(Object.keys(verdicts).filter((title) => /^IRSA-06|^KMS-02 in dev/.test(title))).toEqual([]);
  const reviewed = result["reviewed-controls"]["control-selections"][0]["include-controls"];
  expect(reviewed).not.toContainEqual({ "control-id": "IRSA-06" });
  expect(reviewed).toContainEqual({ "control-id": "IMDS-01" });
});

test("evidence has its file, its line and its resource; a file of the commit is a link to it", () => {
  const { result } = results();
  const evidence = (title: string) =>
    result.observations.find((item: Json) => item.title === title)?.["relevant-evidence"]?.[0];
  const breach = evidence("IMDS-01 in prod");
  expect(breach.href).toBe(PROD_FILE);
  expect(breach.props.map(({ name, value }: Json) => [name, value])).toEqual([
    ["file", PROD_FILE],
    ["line", "7"],
    ["resource", "aws_launch_template.gpu"],
  ]);
  expect(breach.description).toContain("optional");
  expect(evidence("IMDS-01 in dev")).toBeUndefined();
  expect(evidence("CI-04 in dev").href).toBe(
    `https://github.com/acme/ml-platform/blob/${COMMIT.id}/src/a%20file.ts#L3`,
  );
});

test("an exception is a risk whose deadline is the end of its last day, open once that is over", () => {
  const { result } = results();
  expect(result.risks.map(({ status, deadline }: Json) => [status, deadline])).toEqual([
    ["deviation-approved", "2026-12-31T23:59:59Z"],
    ["open", "2026-01-31T23:59:59Z"],
    ["deviation-approved", undefined],
  ]);
});

test("frameworks have the numbers of the records, and no other", () => {
  const { document, result } = results();
  const record = controlRecords().find(({ id }) => id === "NET-06");
  const finding = result.findings.find(({ title }: Json) => title === "NET-06 in dev");
  for (const { id } of frameworks()) {
    const numbers = finding.props.filter(({ name }: Json) => name === id).map(({ value }: Json) => value);
    expect([id, numbers]).toEqual([id, record?.mappings[id] ?? []]);
  }
  const titles = document["back-matter"].resources.map(({ title }: Json) => title);
  expect(titles).toEqual(["Register of controls", ...frameworks().map(({ name }) => name)]);
});

test("the same commit gives the same bytes; another has its own findings of the same environments", () => {
  expect(oscal(subject())).toBe(oscal(subject()));
  const [first, second] = [results(), results({ commit: { ...COMMIT, id: "b".repeat(40) } })];
  expect(second.document.uuid).toBe(first.document.uuid);
  expect(second.result["local-definitions"]).toEqual(first.result["local-definitions"]);
  expect(second.result.findings[0].uuid).not.toBe(first.result.findings[0].uuid);
  expect(first.document.metadata).toMatchObject({ version: COMMIT.id, "last-modified": COMMIT.date });
});

test("a UUID is that of version 5 of RFC 9562 in the namespace of URLs", () => {
  expect(uuidOf("https://example.com/")).toBe("dd2c1780-811a-5296-81c5-178a0ef488bc");
});
