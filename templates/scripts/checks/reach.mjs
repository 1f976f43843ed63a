// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, run } from "./run-program.mjs";

/** Whether kubectl reaches the environment's cluster, and may ask it. */
export function checkReach(report, { cluster }) {
  const check = "kubernetes API";
  const enter = "enter a role as docs/operations.md says";
  const name = run("kubectl", ["config", "view", "--minify", "--output", "jsonpath={.clusters[0].name}"]);
  if (!name.ok || name.stdout.trim() === "") {
    report.broken(check, "context-missing", reasonOf(name), `kubectl is pointed at nothing: ${enter}`);
    return false;
  }
  if (!name.stdout.trim().endsWith(`/${cluster.name}`) && name.stdout.trim() !== cluster.name) {
    report.broken(check, "context-wrong", `kubectl is pointed at ${name.stdout.trim()}`, enter);
    return false;
  }
  const answer = run("kubectl", ["get", "--raw", "/readyz", "--request-timeout", "15s"]);
  const reason = reasonOf(answer);
  if (answer.ok) {
    report.ok(check, `${cluster.name} answers`);
    return true;
  }
  if (/localhost|127\.0\.0\.1/.test(reason) && /refused/.test(reason)) {
    report.broken(check, "tunnel-closed", reason, "open the session to the API again, and leave it open");
  } else if (/x509|certificate|tls:/i.test(reason)) {
    report.broken(check, "api-certificate", reason, "set --tls-server-name to the API's own name");
  } else if (/unauthorized|logged in|provide credentials|getting credentials/i.test(reason)) {
    report.broken(check, "api-unauthorized", reason, "use a role that has an access entry");
  } else if (/timeout|timed out|deadline|no such host|no route|refused|unreachable|EOF/i.test(reason)) {
    report.broken(check, "api-unreachable", reason, "open the tunnel, or go inside the network");
  } else {
    report.broken(check, "api-not-ready", reason, "read the control plane's logs in CloudWatch");
  }
  return false;
}
