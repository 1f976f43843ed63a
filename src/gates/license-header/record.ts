// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRecord } from "../gate-record";
import { spdxId } from "../spdx-id";

interface LicenseHeaderSettings {
  /** Undefined: the copyright holder of the documents. */
  readonly holder: string | undefined;
  readonly spdxId: string;
  readonly typesWithoutHeader: readonly string[];
}

/** License headers. */
export const licenseHeader: GateRecord<LicenseHeaderSettings> = {
  id: "license-header",
  option: "licenseHeader",
  tool: "License Header",
  pins: [],
  scanner: false,
  findings: { "license-header": [{ exitCodes: [1] }] },
  starts: ["node"],
  coverage: "License headers",
  controls: ["CI-06"],
  failsWhen: "a source file lacks the exact header, or its file type is unknown",
  remedy:
    "Write the header that the message shows. For a file type that cannot have one, use `workflows.licenseHeader.typesWithoutHeader`; for other people's files, `workflows.licenseHeader.exceptions`.",
  badge: false,
  required: true,
  exceptions: { scope: "path", resources: false, examples: [{ id: "*", path: "vendor" }] },
  // The lint task checks the headers too.
  configuration: [{ path: ".github/scanners/license-headers.json", always: true }],
  defaults: { holder: undefined, spdxId: "Apache-2.0", typesWithoutHeader: [] },
  patterns: {
    holder: {
      pattern: /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}`*/{}$<>]{1,100}$/u,
      rule: "one line of at most 100 characters without ` * / { } $ < >",
      fix: "write the name of the holder",
    },
    spdxId: spdxId("Apache-2.0"),
    typesWithoutHeader: {
      pattern: /^(?:\.[A-Za-z0-9_+-]{1,30}|[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,60})$/,
      rule: "an extension with its dot, or a file name",
      fix: 'write ".parquet"',
    },
  },
};
