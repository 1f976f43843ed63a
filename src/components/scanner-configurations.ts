// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Scanner, WorkflowSettings } from "../config/workflow-settings";
import { GATES } from "../gates";
import type { GateConfiguration, GateRecord } from "../gates/gate-record";
import type { ScannerException } from "../options/workflow-options";
import type { AdjustmentContext } from "./adjustment-context";
import { addReasoned, configurationDocument, renderDocument } from "./configuration-document";
import { GATE_WORKFLOWS } from "./gate-workflows";
import { ownExceptions } from "./own-exceptions";

/** Configuration files of the gates that are there, by path, with the options' exceptions in each tool's own words. */
export function scannerConfigurations(context: AdjustmentContext): Map<string, string> {
  const { settings } = context;
  const files = new Map<string, string>();
  for (const gate of GATES) {
    const isThere = settings.enabled && settings.files[gate.id].enabled;
    const exceptions = exceptionsOf(settings, gate).filter(({ resource }) => resource === undefined);
    for (const file of gate.configuration.filter(({ always }) => always || isThere)) {
      const content = configuration(gate, file, exceptions, context);
      if (content !== undefined) {
        files.set(file.path, content);
      }
    }
  }
  return files;
}

function configuration(
  gate: GateRecord,
  { path, lists }: GateConfiguration,
  exceptions: readonly ScannerException[],
  context: AdjustmentContext,
): string | undefined {
  if (lists === undefined) {
    const write = GATE_WORKFLOWS[gate.id]?.configuration?.[path];
    if (write === undefined) {
      throw new Error(`src/gates/${gate.id}/workflow.ts does not write ${path}, and its record does not say how.`);
    }
    return write(exceptions, context);
  }
  const document = configurationDocument(path);
  for (const { key, of, written = (excepted: string) => excepted } of lists) {
    const chosen = exceptions.filter(({ id }) => (of === "paths") === (id === "*"));
    addReasoned(document, key, chosen, ({ id, path: excepted }) => (of === "paths" ? written(excepted as string) : id));
  }
  return renderDocument(document);
}

/** Exceptions that the options give a gate. */
export function exceptionsOf(settings: WorkflowSettings, { option }: GateRecord): readonly ScannerException[] {
  return settings.exceptions[option as Scanner] ?? [];
}

/** An exception that counts for some resources of the stacks. */
export interface ResourceException {
  readonly scanner: string;
  readonly id: string;
  readonly resource: string;
  readonly reason: string;
  readonly expires: string;
}

/** Exceptions of single resources, which stand beside them: the generator's own, and those of the options. */
export function resourceExceptions(settings: WorkflowSettings): ResourceException[] {
  const own = ownExceptions().flatMap(({ scanner, id, resource, reason, expires }) =>
    resource === undefined ? [] : [{ scanner, id, resource, reason, expires }],
  );
  const given = GATES.filter(({ exceptions }) => exceptions?.resources).flatMap((gate) =>
    exceptionsOf(settings, gate).flatMap(({ id, resource, reason, expires }) =>
      resource === undefined ? [] : [{ scanner: gate.id, id, resource, reason, expires }],
    ),
  );
  return [...own, ...given];
}
