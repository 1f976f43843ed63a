// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Whether a file is the package.json that `npm install` leaves before a project is created: nothing in it is the user's. */
export function isInstallStub(path: string, content: Buffer): boolean {
  if (path !== "package.json") {
    return false;
  }
  try {
    const manifest = JSON.parse(content.toString("utf8")) as unknown;
    const isObject = typeof manifest === "object" && manifest !== null && !Array.isArray(manifest);
    return isObject && Object.keys(manifest).every((key) => key === "dependencies" || key === "devDependencies");
  } catch {
    return false;
  }
}
