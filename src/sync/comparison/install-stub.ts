// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject } from "../../json-object";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * Whether a file is the package.json that `npm install` leaves before a project is created: it has nothing but
 * dependencies, and no other ones than what is to take its place.
 */
export function isInstallStub(path: string, content: Buffer, rendered: Buffer): boolean {
  if (path !== "package.json") {
    return false;
  }
  try {
    const manifest = JSON.parse(content.toString("utf8")) as unknown;
    const known = dependencies(JSON.parse(rendered.toString("utf8")) as Manifest);
    return (
      isObject(manifest) &&
      Object.keys(manifest).every((key) => key === "dependencies" || key === "devDependencies") &&
      dependencies(manifest).every((name) => known.includes(name))
    );
  } catch {
    return false;
  }
}

function dependencies(manifest: Manifest): string[] {
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
}
