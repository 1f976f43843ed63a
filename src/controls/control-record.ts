// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "../config/package-data";
import type { Fact } from "./control-facts";

/**
 * What a control comes to in an environment:
 * `held`: in force;
 * `weakened`: in force, but options make it weaker than its sentence;
 * `delegated`: its subject is given, and so somebody else's to prove;
 * `absent`: options leave nothing here that it applies to.
 */
export type ControlState = "held" | "weakened" | "delegated" | "absent";

/** Layers of the security document, from the outside to the inside. */
export const LAYERS = ["identity and access", "network", "encryption", "governance", "instance and pod"] as const;

/** A control, from data/controls.json: one record for each statement of the security document. */
export interface ControlRecord {
  readonly id: string;
  /** Place in {@link LAYERS}, from 1. */
  readonly layer: number;
  /** Heading of the security document that it stands below. */
  readonly section: string;
  /** What it says where no variant applies. */
  readonly sentence: string;
  /** Options that shape or weaken it. */
  readonly options: readonly string[];
  /** What it says where a fact holds; the first that applies. */
  readonly variants?: readonly ControlVariant[];
  /** Files and directories of a generated repository. */
  readonly implemented: readonly string[];
  /** Ids of Rego rules that refuse a breach on what the repository synthesizes. */
  readonly rules: readonly string[];
  /** What tries every way of breaking it: `synth`, `policies` or `workflows`. */
  readonly tested: string;
  /** What rule and tests look at. */
  readonly proves: string;
  /** What neither of them can see. Default: nothing that is known. */
  readonly notProven?: string;
  /** What would show the rest. Default: nothing offline or online that this project knows. */
  readonly wouldProve?: string;
  /** Numbers in frameworks that it helps with, by the framework's id in data/frameworks.json. */
  readonly mappings: Readonly<Record<string, readonly string[]>>;
}

/** A control in other words, or in another state, where a fact holds. */
export interface ControlVariant {
  readonly when: Fact;
  readonly state: ControlState;
  readonly sentence: string;
}

/** A framework that controls are mapped to. */
export interface Framework {
  readonly id: string;
  readonly name: string;
  /** Where its numbers are published. */
  readonly source: string;
  /** In the framework's order. */
  readonly numbers: readonly string[];
}

/** Every control, in the order of the security document. */
export function controlRecords(): readonly ControlRecord[] {
  return packageData<{ readonly controls: readonly ControlRecord[] }>("controls").controls;
}

/** The frameworks, in the order of the mapping. */
export function frameworks(): readonly Framework[] {
  return packageData<{ readonly frameworks: readonly Framework[] }>("frameworks").frameworks;
}
