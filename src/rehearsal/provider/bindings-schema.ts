// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Attribute, AttributeType, Block, NestedBlock } from "./schema";

// The installed bindings (`@cdktf/provider-*`) are generated from the provider's schema, and their text still tells it:
// names, types, nesting, what is required and what only the provider sets. They are read, not loaded, which takes a tenth of
// the time, and says of the private parts what their objects do not.

/** Reads the schemas of one provider. */
export class BindingsSchema {
  /** @param library the `lib` directory of the bindings */
  constructor(
    private readonly library: string,
    /** Attributes that something refers to, such as `aws_iam_role.arn`: the provider sets them, whatever the bindings say. */
    private readonly referenced: ReadonlySet<string>,
  ) {}

  provider(): Block {
    return new Binding(join(this.library, "provider"), () => false).root("TerraformProvider");
  }

  /** @returns undefined for a type that the provider does not have */
  resource(type: string): Block | undefined {
    return this.binding(type, type.replace(/^[a-z]+_/, ""), "TerraformResource");
  }

  /** @returns undefined for a type that the provider does not have */
  dataSource(type: string): Block | undefined {
    return this.binding(type, `data_${type}`, "TerraformDataSource");
  }

  private binding(type: string, name: string, base: string): Block | undefined {
    const directory = join(this.library, name.replace(/_/g, "-"));
    return existsSync(join(directory, "index.js"))
      ? new Binding(directory, (attribute) => this.referenced.has(`${type}.${attribute}`)).root(base)
      : undefined;
  }
}

/** What the AWS provider sets on every resource that has it. */
const ALWAYS_SET = new Set(["id", "arn", "region", "tags_all"]);

interface Argument {
  readonly name: string;
  /** Name in TypeScript. */
  readonly property: string;
  /** How the binding writes it. */
  readonly writer: string;
  readonly kind: string;
  readonly storage: string;
}

/** One resource, data source or provider. */
class Binding {
  private readonly code: string;
  private readonly declarations: string;

  constructor(
    directory: string,
    private readonly isReferenced: (attribute: string) => boolean,
  ) {
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
    const textOf = (ending: string) =>
      files
        .filter((file) => file.endsWith(ending))
        .map((file) => readFileSync(join(directory, file), "utf8"))
        .join("\n");
    this.code = textOf(".js");
    this.declarations = textOf(".d.ts");
  }

  root(base: string): Block {
    const [, name] = new RegExp(`^class (\\w+) extends cdktf\\.${base} \\{`, "m").exec(this.code) ?? [];
    if (name === undefined) {
      throw new Error(`the bindings have no ${base}`);
    }
    const body = this.classBody(name);
    return this.block(argumentsIn(body), body, this.requiredOf(`${name}Config`), (attribute) => {
      return ALWAYS_SET.has(attribute) || this.isReferenced(attribute);
    });
  }

  private block(
    args: readonly Argument[],
    body: string,
    required: ReadonlySet<string>,
    isSet: (attribute: string) => boolean,
  ): Block {
    const attributes = new Map<string, Attribute>();
    const blocks = new Map<string, NestedBlock>();
    for (const argument of args) {
      const isRequired = required.has(argument.property);
      const type = simpleType(argument);
      if (type === undefined) {
        blocks.set(argument.name, this.nested(argument, isRequired));
      } else {
        const isComputed = !isRequired && isSet(argument.name);
        attributes.set(argument.name, { type, isRequired, isOptional: !isRequired, isComputed });
      }
    }
    for (const [name, type] of this.computed(body)) {
      if (!attributes.has(name) && !blocks.has(name)) {
        attributes.set(name, { type, isRequired: false, isOptional: false, isComputed: true });
      }
    }
    return { attributes, blocks };
  }

  private nested({ writer, kind }: Argument, isRequired: boolean): NestedBlock {
    const [, writerName = ""] = /(\w+)ToHclTerraform/.exec(writer.replace("cdktf.listMapperHcl", "")) ?? [];
    const name = writerName.charAt(0).toUpperCase() + writerName.slice(1);
    const isSingle = !writer.includes("listMapperHcl");
    return {
      nesting: kind === "struct" ? "single" : kind === "set" ? "set" : "list",
      block: this.block(
        argumentsIn(this.functionBody(`${writerName}ToHclTerraform`)),
        this.classBody(`${name}OutputReference`),
        this.requiredOf(name),
        () => false,
      ),
      min: isRequired && kind !== "struct" ? 1 : 0,
      max: isSingle && kind !== "struct" ? 1 : 0,
    };
  }

  /** What only the provider sets, by what a class has to read. */
  private computed(body: string): Map<string, AttributeType> {
    const found = new Map<string, AttributeType>();
    for (const [, wrap, kind, name] of body.matchAll(/(tolist\()?this\.get(\w*?)Attribute\(['"](\w+)['"]\)/g)) {
      const type = ATTRIBUTE_TYPES[kind as string];
      if (type !== undefined) {
        found.set(
          name as string,
          wrap === undefined || typeof type === "string" ? type : (["set", type[1]] as AttributeType),
        );
      }
    }
    for (const [, reader, name, isSet] of body.matchAll(/= new (\w+)\(this, ["'](\w+)["'](?:, (true|false))?\)/g)) {
      const item = (reader as string).replace(/(?:List|Map|OutputReference)$/, "OutputReference");
      const element: AttributeType = ["object", Object.fromEntries(this.computed(this.classBody(item)))];
      const kind = (reader as string).endsWith("Map") ? "map" : isSet === "true" ? "set" : "list";
      found.set(name as string, [kind, element]);
    }
    return found;
  }

  private requiredOf(declaration: string): ReadonlySet<string> {
    const body = between(this.declarations, new RegExp(`export interface ${declaration}(?: extends [\\w.]+)? \\{`));
    return new Set([...body.matchAll(/^\s+readonly (\w+): /gm)].map(([, name]) => name as string));
  }

  private classBody(name: string): string {
    return between(this.code, new RegExp(`^class ${name} extends cdktf\\.\\w+ \\{`, "m"));
  }

  private functionBody(name: string): string {
    return between(this.code, new RegExp(`^function ${name}\\(struct\\) \\{`, "m"));
  }
}

/** The text from a match to the brace that closes it at the start of a line. */
function between(text: string, start: RegExp): string {
  const match = start.exec(text);
  return match === null ? "" : text.slice(match.index, text.indexOf("\n}", match.index));
}

function argumentsIn(body: string): Argument[] {
  const entry =
    /^\s+(\w+): \{\s+value: (.+),\s+isBlock: (?:true|false),\s+type: "(\w+)",\s+storageClassType: "(\w+)",/gm;
  return [...body.matchAll(entry)].map(([, name = "", writer = "", kind = "", storage = ""]) => ({
    name,
    property: /.*(?:struct\.|this\._)(\w+)/.exec(writer)?.[1] ?? "",
    writer,
    kind,
    storage,
  }));
}

const SIMPLE_TYPES: Readonly<Record<string, AttributeType>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  any: "string",
  stringList: ["list", "string"],
  numberList: ["list", "number"],
  booleanList: ["list", "bool"],
  stringListList: ["list", ["list", "string"]],
  stringMap: ["map", "string"],
  numberMap: ["map", "number"],
  booleanMap: ["map", "bool"],
  anyMap: ["map", "string"],
};

function simpleType({ kind, storage }: Argument): AttributeType | undefined {
  const type = SIMPLE_TYPES[storage];
  return kind === "set" && type !== undefined && typeof type !== "string" ? (["set", type[1]] as AttributeType) : type;
}

const ATTRIBUTE_TYPES: Readonly<Record<string, AttributeType>> = {
  String: "string",
  Number: "number",
  Boolean: "bool",
  List: ["list", "string"],
  NumberList: ["list", "number"],
  StringMap: ["map", "string"],
  NumberMap: ["map", "number"],
  BooleanMap: ["map", "bool"],
  AnyMap: ["map", "string"],
};
