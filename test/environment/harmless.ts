// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Json } from "../templates/synthesize";
import type { BrokenPlatform } from "./broken-platform";

/** A change that breaks no control, though a rule looks at what it changes. */
export interface Harmless {
  readonly how: string;
  readonly on?: string;
  apply(platform: BrokenPlatform): void;
}

const OPEN = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] });
const key = (p: BrokenPlatform): Json => p.one("cluster", "aws_kms_key");

export const harmless: readonly Harmless[] = [
  {
    how: "the policy of the cluster's key refuses something to everybody",
    apply: (p) =>
      p.document(key(p), "policy", (d) =>
        d.Statement.push({ Effect: "Deny", Principal: "*", Action: "kms:ScheduleKeyDeletion", Resource: "*" }),
      ),
  },
  {
    how: "the policy of the cluster's key is the one that AWS gives a key without any",
    apply: (p) => {
      delete key(p).policy;
    },
  },
  {
    how: "a grant lets somebody use another key",
    apply: (p) => p.beside("aws_kms_grant", { key_id: "1234abcd-12ab-34cd-56ef-1234567890ab", grantee_principal: "x" }),
  },
  {
    how: "the policy of another key admits everybody",
    apply: (p) => p.beside("aws_kms_key_policy", { key_id: "1234abcd-12ab-34cd-56ef-1234567890ab", policy: OPEN }),
  },
  {
    how: "another stack starts an instance as the platform starts its own",
    apply: (p) =>
      p.beside("aws_instance", {
        associate_public_ip_address: false,
        metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
        root_block_device: { encrypted: true },
      }),
  },
  {
    how: "another stack makes an encrypted volume",
    apply: (p) => p.beside("aws_ebs_volume", { size: 10, availability_zone: "us-east-1a", encrypted: true }),
  },
];
