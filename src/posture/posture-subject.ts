// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PlatformConfig } from "../config/platform-config";
import type { PostureControl } from "../reports/posture-report";
import type { Commit } from "./commit";
import type { PlatformFacts } from "./platform-facts";

/** What excuses a finding of a scanner. */
export interface StandingException {
  /** The option or resource that it stands for. */
  readonly option: string;
  readonly id: string;
  readonly reason: string;
  /** Last day; null for one that does not end. */
  readonly expires: string | null;
}

/** What a page or an export of a posture is about. */
export interface PostureSubject {
  readonly platform: PlatformConfig;
  readonly controls: readonly PostureControl[];
  /** Environments of which something was synthesized. */
  readonly environments: readonly PlatformFacts[];
  readonly exceptions: readonly StandingException[];
  /** Undefined where there is none. */
  readonly commit?: Commit;
}

/** States, the most urgent first: what each means, and a sign that needs no color. */
export const STATES = {
  violated: { sign: "✕", meaning: "A rule found a breach." },
  unproven: { sign: "?", meaning: "The options ask for it, and no rule of this repository could see a breach." },
  released: { sign: "↗", meaning: "A file that implements it was edited or released." },
  proven: { sign: "✓", meaning: "A rule was asked, or the workflow is as it was generated, and nothing was found." },
  delegated: { sign: "→", meaning: "What it protects is given, so its owner must prove it." },
  absent: { sign: "–", meaning: "The options leave nothing that it applies to." },
} as const;

/** The repository as GitHub names it, or the project where no owner is known. */
export function repositoryName({ repository, name }: PlatformConfig): string {
  return repository.owner ? `${repository.owner}/${repository.name}` : name;
}

/** Whether an exception's last day is past on the day of the commit: no clock is asked. */
export function hasEnded({ expires }: StandingException, commit: Commit | undefined): boolean {
  return expires !== null && commit !== undefined && expires < commit.date.slice(0, 10);
}
