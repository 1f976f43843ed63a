// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type ControlRecord, controlRecords, frameworks, LAYERS } from "../controls/control-record";
import { PACKAGE_VERSION } from "../package-version";
import type { Commit } from "./commit";
import { type EnvironmentState, stateIn } from "./environment-state";
import { pathReference } from "../portable-path";
import { fileAddress } from "./file-address";
import { uuidOf } from "./name-uuid";
import type { PlatformFacts } from "./platform-facts";
import { hasEnded, type PostureSubject, repositoryName, STATES, type StandingException } from "./posture-subject";

/** Version of OSCAL that the export is written in. */
const OSCAL_VERSION = "1.2.3";
/** Whose the names of properties are. */
const NAMESPACE = "https://github.com/ray-platform/ray-platform";
/** The document that says how each control is judged, which OSCAL wants as the plan of an assessment. */
const REGISTER = "docs/security-architecture.md";

/** What OSCAL lets a finding say. A control that binds nothing, or is another's to prove, was not assessed. */
const VERDICTS: Readonly<Record<string, { readonly state: string; readonly reason: string }>> = {
  proven: { state: "satisfied", reason: "pass" },
  violated: { state: "not-satisfied", reason: "fail" },
  unproven: { state: "not-satisfied", reason: "other" },
  released: { state: "not-satisfied", reason: "other" },
};

type Evidence = EnvironmentState["evidence"][number];

/** A part of an OSCAL document. */
type Part = Readonly<Record<string, unknown>>;

/** A subject of which the commit is known: OSCAL dates everything. */
export type DatedSubject = PostureSubject & { readonly commit: Commit };

/**
 * The posture of a repository as assessment results of OSCAL: the same bytes for the same subject. What lasts has the same
 * UUID at each commit, what was seen has one of its commit.
 */
export function oscal(subject: DatedSubject): string {
  return `${JSON.stringify({ "assessment-results": new AssessmentResults(subject).document() }, null, 2)}\n`;
}

class AssessmentResults {
  private readonly records = new Map(controlRecords().map((record): [string, ControlRecord] => [record.id, record]));
  private readonly repository: string;
  private readonly collected: string;
  private readonly tool: Part;
  private readonly revision: string;

  constructor(private readonly subject: DatedSubject) {
    this.repository = repositoryName(subject.platform);
    this.collected = subject.commit.date;
    this.revision = `${subject.commit.id}${subject.commit.isChanged ? "-changed" : ""}`;
    this.tool = { type: "tool", "actor-uuid": this.lasting("tool") };
  }

  document(): Part {
    return {
      uuid: this.lasting("assessment-results"),
      metadata: {
        title: `Security posture of ${this.repository}`,
        "last-modified": this.collected,
        version: this.revision,
        "oscal-version": OSCAL_VERSION,
      },
      "import-ap": { href: `#${this.lasting("register")}` },
      results: [this.result()],
      "back-matter": { resources: this.resources() },
    };
  }

  private result(): Part {
    const seen = this.subject.environments.flatMap((environment) =>
      this.subject.controls.flatMap((control) => {
        const record = this.records.get(control.id);
        const found = stateIn(control, environment);
        return record === undefined || found === undefined
          ? []
          : [{ record, environment, found, rules: control.rules }];
      }),
    );
    const assessed = seen.filter(({ found }) => found.state in VERDICTS);
    const reviewed = [...new Set(assessed.map(({ record }) => record.id))];
    const findings = assessed.map(({ record, environment, found }) => this.finding(record, environment, found));
    const risks = numbered(this.subject.exceptions).map(([exception, number]) => this.risk(exception, number));
    return {
      uuid: this.momentary("result"),
      title: `Controls of ${this.repository} at ${this.revision}`,
      description:
        "What the files of the repository and what they synthesize show of each control. Nothing was asked of AWS or GitHub.",
      start: this.collected,
      end: this.collected,
      "local-definitions": {
        components: this.subject.environments.map((environment) => this.component(environment)),
        "assessment-assets": {
          components: [
            {
              uuid: this.lasting("tool"),
              type: "software",
              title: "ray-platform posture",
              description:
                "Applies the controls' rules to what is synthesized, and compares files with what was generated.",
              props: [property("version", PACKAGE_VERSION)],
              status: { state: "operational" },
            },
          ],
          "assessment-platforms": [
            { uuid: this.lasting("platform"), "uses-components": [{ "component-uuid": this.lasting("tool") }] },
          ],
        },
      },
      "reviewed-controls": {
        "control-selections": [{ "include-controls": reviewed.map((id) => ({ "control-id": id })) }],
      },
      ...listOf(
        "observations",
        seen.map(({ record, environment, found, rules }) => this.observation(record, environment, found, rules)),
      ),
      ...listOf("risks", risks),
      ...listOf("findings", findings),
    };
  }

  private component({ environment, region, accountId, stacks }: PlatformFacts): Part {
    return {
      uuid: this.lasting("environment", environment),
      type: "software",
      title: environment,
      description: `What is synthesized for the environment ${environment}.`,
      props: [
        property("region", region),
        ...(accountId === null ? [] : [property("account", accountId)]),
        ...stacks.map((stack) => property("stack", stack)),
      ],
      status: { state: "other", remarks: "Whether it is deployed was not asked." },
    };
  }

  private observation(
    { id, proves, notProven, wouldProve }: ControlRecord,
    { environment }: PlatformFacts,
    { state, stated, sentence, evidence }: EnvironmentState,
    rules: readonly string[],
  ): Part {
    const remarks = [
      `What this proves: ${proves}.`,
      ...(notProven === undefined ? [] : [`What it does not prove: ${notProven}.`]),
      ...(wouldProve === undefined ? [] : [`What would prove the rest: ${wouldProve}.`]),
    ].join("\n\n");
    return {
      uuid: this.momentary("observation", environment, id),
      title: `${id} in ${environment}`,
      description: sentence,
      props: [
        property("control", id),
        property("state", state),
        property("statement", stated),
        ...rules.map((rule) => property("rule", rule)),
      ],
      methods: [rules.length > 0 ? "TEST" : "EXAMINE"],
      types: ["control-objective"],
      origins: [{ actors: [this.tool] }],
      subjects: [{ "subject-uuid": this.lasting("environment", environment), type: "component" }],
      ...listOf(
        "relevant-evidence",
        evidence.map((item) => this.evidence(item)),
      ),
      collected: this.collected,
      remarks,
    };
  }

  private evidence({ file, line, resource, problem }: Evidence): Part {
    const place = line === undefined ? file : `${file}:${line}`;
    return {
      href: fileAddress(file, line, this.subject) ?? pathReference(file),
      description: [place, resource, problem].filter((part) => part !== undefined && part !== "").join(" "),
      props: [
        property("file", file),
        ...(line === undefined ? [] : [property("line", String(line))]),
        ...(resource === undefined || resource === "" ? [] : [property("resource", resource)]),
      ],
    };
  }

  private finding(
    { id, layer, mappings }: ControlRecord,
    { environment }: PlatformFacts,
    { state, stated, sentence }: EnvironmentState,
  ): Part {
    const numbers = frameworks().flatMap((framework) =>
      (mappings[framework.id] ?? []).map((number) => property(framework.id, number)),
    );
    const links = frameworks()
      .filter((framework) => (mappings[framework.id] ?? []).length > 0)
      .map((framework) => ({ href: `#${this.lasting("framework", framework.id)}`, rel: "reference" }));
    return {
      uuid: this.momentary("finding", environment, id),
      title: `${id} in ${environment}`,
      description: sentence,
      props: [
        property("environment", environment),
        property("layer", LAYERS[layer - 1]),
        property("state", state),
        property("statement", stated),
        ...numbers,
      ],
      ...listOf("links", links),
      origins: [{ actors: [this.tool] }],
      target: {
        type: "objective-id",
        "target-id": id,
        status: { ...VERDICTS[state], remarks: STATES[state as keyof typeof STATES].meaning },
      },
      "related-observations": [{ "observation-uuid": this.momentary("observation", environment, id) }],
    };
  }

  /**
   * A finding of a scanner that is accepted until its last day, whose end is the deadline.
   *
   * @param number among the exceptions of the same finding by the same option, from 0
   */
  private risk(exception: StandingException, number: number): Part {
    const { option, id, reason, expires } = exception;
    return {
      uuid: this.lasting("exception", option, id, String(number)),
      title: `Accepted finding ${id}`,
      description: reason,
      statement: `${id} is not reported, by ${option}${expires === null ? ", without a last day" : ` until ${expires}`}.`,
      props: [property("option", option), property("finding", id)],
      status: hasEnded(exception, this.subject.commit) ? "open" : "deviation-approved",
      origins: [{ actors: [this.tool] }],
      ...(expires === null ? {} : { deadline: `${expires}T23:59:59Z` }),
    };
  }

  private resources(): Part[] {
    const register = {
      uuid: this.lasting("register"),
      title: "Register of controls",
      description: "What each control says, which rule refuses a breach, and what nothing here can show.",
      rlinks: [{ href: fileAddress(REGISTER, undefined, this.subject) ?? pathReference(REGISTER) }],
    };
    const cited = frameworks().map(({ id, name, source }) => ({
      uuid: this.lasting("framework", id),
      title: name,
      description: "A mapping shows where a control helps. It says nothing about compliance with the whole.",
      citation: { text: source },
    }));
    return [register, ...cited];
  }

  /** The UUID of what is the same at every commit. */
  private lasting(...names: readonly string[]): string {
    return uuidOf(`${NAMESPACE}/oscal/${[this.repository, ...names].map(encodeURIComponent).join("/")}`);
  }

  /** The UUID of what was seen at this commit. */
  private momentary(...names: readonly string[]): string {
    return this.lasting(this.revision, ...names);
  }
}

/** A property of this project's own; the values of OSCAL are one line without space around it. */
function property(name: string, value: string): Part {
  return { name, ns: NAMESPACE, value: value.replace(/\s+/g, " ").trim() || "none" };
}

/** Lists of OSCAL are absent rather than empty. */
function listOf(name: string, items: readonly Part[]): Part {
  return items.length === 0 ? {} : { [name]: items };
}

/** Exceptions, each with its number among those of the same finding by the same option: files may differ. */
function numbered(exceptions: readonly StandingException[]): [StandingException, number][] {
  const seen = new Map<string, number>();
  return exceptions.map((exception) => {
    const key = JSON.stringify([exception.option, exception.id]);
    const number = seen.get(key) ?? 0;
    seen.set(key, number + 1);
    return [exception, number];
  });
}
