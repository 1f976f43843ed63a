// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Json } from "../templates/synthesize";
import { platformOf } from "./option-sets";

/** What a change of the environment `prod` does with its stacks: what `src/extensions.ts` can do. */
export class BrokenPlatform {
  public readonly config: Json;
  public readonly stacks: Record<string, Json>;

  constructor(set: string) {
    const { config, stacks } = platformOf(set);
    // One environment is enough to break, and half as long to judge.
    const isOther = (stack: string): boolean => stack.startsWith("prod-eu-");
    this.config = { ...config, environments: config.environments.filter(({ name }) => name === "prod") };
    this.stacks = Object.fromEntries(Object.entries(stacks).filter(([name]) => !isOther(name)));
  }

  /** Resources of a type in a stack of `prod`, by address. */
  public all(layer: string, type: string): Json[] {
    return Object.values(this.stacks[`prod-${layer}`]?.resource?.[type] ?? {});
  }

  /** The first resource of a type whose path in the construct tree holds a text. */
  public one(layer: string, type: string, path = ""): Json {
    const found = this.all(layer, type).find((body) => String(body["//"]?.metadata?.path).includes(path));
    if (found === undefined) {
      throw new Error(`prod-${layer} has no ${type} at ${path}`);
    }
    return found;
  }

  /** A reference to the resource that `one` finds. */
  public ref(layer: string, type: string, attribute: string, path = ""): string {
    return `\${${type}.${this.one(layer, type, path)["//"].metadata.uniqueId}.${attribute}}`;
  }

  /** Adds a resource to a stack of `prod`. */
  public add(layer: string, type: string, body: Json): void {
    this.addTo(`prod-${layer}`, type, body);
  }

  /** Adds a resource in a stack of its own that belongs to `prod`. */
  public beside(type: string, body: Json): void {
    this.stacks["prod-extra"] ??= {
      terraform: {
        backend: { s3: { ...this.stacks["prod-bootstrap"].terraform.backend.s3, key: "prod/extra.tfstate" } },
      },
    };
    this.addTo("prod-extra", type, body);
  }

  /** Adds a resource in a stack that belongs to no environment. */
  public shared(type: string, body: Json): void {
    this.stacks.shared ??= { terraform: {} };
    this.addTo("shared", type, body);
  }

  /** Reference from a stack of its own to an output that a stack of `prod` gets. */
  public across(layer: string, type: string, attribute: string, path = ""): string {
    const output = `cross-stack-output-${type}-${attribute}`;
    const owner = this.stacks[`prod-${layer}`];
    owner.output = { ...owner.output, [output]: { value: this.ref(layer, type, attribute, path) } };
    this.beside("null_resource", {});
    const extra = this.stacks["prod-extra"];
    const label = `cross-stack-reference-input-prod-${layer}`;
    extra.data = { ...extra.data, terraform_remote_state: { ...extra.data?.terraform_remote_state, [label]: {} } };
    return `\${data.terraform_remote_state.${label}.outputs.${output}}`;
  }

  /** Removes the resources of a type whose path holds a text. */
  public remove(layer: string, type: string, path = ""): void {
    const stack = this.stacks[`prod-${layer}`];
    const before = Object.keys(stack.resource[type]).length;
    stack.resource[type] = Object.fromEntries(
      Object.entries<Json>(stack.resource[type]).filter(([, body]) => !body["//"].metadata.path.includes(path)),
    );
    if (Object.keys(stack.resource[type]).length === before) {
      throw new Error(`nothing to remove of ${type} at ${path}`);
    }
  }

  /** Changes JSON that a resource holds as text. */
  public document(body: Json, attribute: string, change: (document: Json) => void): void {
    // Expressions hold quotes: they are set aside while the text is read.
    const expressions: string[] = [];
    const text = String(body[attribute]).replace(
      /\$\{[^}]*\}/g,
      (expression) => `<${expressions.push(expression) - 1}>`,
    );
    const document = JSON.parse(text.replace(/\\"/g, '\\"'));
    change(document);
    body[attribute] = JSON.stringify(document).replace(/<(\d+)>/g, (_, index) => expressions[Number(index)] ?? "");
  }

  /** Changes the values of a Helm release. */
  public values(release: string, change: (values: Json) => void): void {
    const body = this.stacks["prod-workloads"].resource.helm_release[release];
    const holder = { text: body.values[0] };
    this.document(holder, "text", change);
    body.values[0] = holder.text;
  }

  private addTo(stack: string, type: string, body: Json): void {
    const document = this.stacks[stack];
    document.resource = { ...document.resource, [type]: { ...document.resource?.[type], [`broken-${type}`]: body } };
  }
}
