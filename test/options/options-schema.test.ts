// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import Ajv from "ajv";
import { schemaCommand } from "../../src/cli/schema-command";
import { withValueAt } from "./assembly";
import { EFFECTS } from "./effects";

let printed = "";
schemaCommand([], { cwd: "/", out: (text) => (printed += text), err: () => {} });
const schema = JSON.parse(printed);
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

const problemsOf = (options: object) => {
  validate({ name: "platform", ...options });
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
};

test.each(EFFECTS.map(({ option, value, beside }) => [option, withValueAt(beside ?? {}, option, value)] as const))(
  "%s is in the schema, with a value that is right",
  (_, options) => {
    expect(problemsOf(options)).toEqual([]);
  },
);

test.each([
  ["an option that there is not", { awsRegoin: "eu-west-1" }, " additionalProperties"],
  ["one of a struct that there is not", { cpuPool: { maxsize: 3 } }, "/cpuPool additionalProperties"],
  ["a member that there is not", { accelerator: "h100" }, "/accelerator enum"],
  [
    "text where a number belongs",
    { environments: [{ name: "dev", gpuPool: { maxSize: "3" } }] },
    "/environments/0/gpuPool/maxSize type",
  ],
  ["an environment without its name", { environments: [{}] }, "/environments/0 required"],
])("%s is found", (_, options, problem) => {
  expect(problemsOf(options)).toContain(problem);
});

test("each option says what it is", () => {
  const undescribed = Object.entries<{ description: string }>(schema.properties).filter(
    ([, { description }]) => !description,
  );
  expect(undescribed).toEqual([]);
});
