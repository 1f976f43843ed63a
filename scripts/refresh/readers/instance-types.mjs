// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goModule, newestGoRelease } from "../package-indexes.mjs";
import { recordedEc2 } from "../recorded-ec2.mjs";

const FILE = "data/instance-types.json";
const CNI = "github.com/aws/amazon-vpc-cni-k8s";
const MEANS = "sizes and quotas of node groups are computed from it";

/** Families that node groups may have, and their sizes. */
const FAMILIES = {
  t3: /^(?:medium|large|xlarge|2xlarge)$/,
  m5: /^(?:large|xlarge|2xlarge|4xlarge|8xlarge|12xlarge)$/,
  m6i: /^(?:large|xlarge|2xlarge|4xlarge|8xlarge|12xlarge|16xlarge)$/,
  m7i: /^(?:large|xlarge|2xlarge|4xlarge|8xlarge|12xlarge|16xlarge)$/,
  m6g: /^(?:large|xlarge|2xlarge|4xlarge|8xlarge)$/,
  m7g: /^(?:large|xlarge|2xlarge|4xlarge|8xlarge|16xlarge)$/,
  c6i: /^(?:large|xlarge|2xlarge|4xlarge|8xlarge|16xlarge)$/,
  r6i: /^(?:large|xlarge|2xlarge|4xlarge|8xlarge|16xlarge)$/,
  ...Object.fromEntries(
    ["g4dn", "g5", "g6", "g6e", "g5g", "p4d", "p4de", "p5", "p5e", "p5en"].map((family) => [family, /^\d*xlarge$/]),
  ),
};

export default {
  id: "instance-types",
  title: "EC2 instance types",
  files: [FILE],
  source: "DescribeInstanceTypes as recorded in moto, and the VPC CNI's list of pods per type",
  form: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeInfo.html",
  async read({ source, tables, day }) {
    const { version, read, cited } = await recordedEc2(source, day);
    const cni = await newestGoRelease(source, CNI, { day, line: "1" });
    const pods = maxPods(readFileSync(join(await goModule(source, CNI, cni), "misc/eni-max-pods.txt"), "utf8"), cni);
    const described = read("instance_types.json");
    const known = tables[FILE].types;
    const changes = [];
    const waiting = [];
    const offered = Object.keys(described).filter((name) => {
      const [family, size] = name.split(".");
      return FAMILIES[family]?.test(size) === true;
    });
    for (const name of offered.filter((one) => known[one] !== undefined || pods.has(one))) {
      const value = { ...ofType(name, described[name], version), maxPods: pods.get(name) ?? known[name].maxPods };
      changes.push({ file: FILE, path: ["types", name], value, means: MEANS });
    }
    // The P3 family is described to no new account; its figures are from its page.
    const gone = Object.keys(known).filter((one) => !offered.includes(one) && !one.startsWith("p3."));
    if (gone.length > 0) {
      waiting.push({ what: gone.join(", "), newest: `moto ${version}`, why: "it does not describe these types" });
    }
    const recordedIn = cited(tables[FILE].source).replace(/(amazon-vpc-cni-k8s) v[\d.]*\d/, `$1 ${cni}`);
    changes.push({ file: FILE, path: ["source"], value: recordedIn, means: "where it was read" });
    return { changes, waiting };
  },
};

function ofType(name, info, version) {
  const gpus = info.GpuInfo?.Gpus ?? [];
  const type = {
    vcpu: info.VCpuInfo?.DefaultVCpus,
    memoryMib: info.MemoryInfo?.SizeInMiB,
    gpus: gpus.reduce((sum, { Count }) => sum + Count, 0),
    gpuModel: gpus[0]?.Name ?? null,
    gpuMemoryMib: info.GpuInfo?.TotalGpuMemoryInMiB ?? null,
    architecture: info.ProcessorInfo?.SupportedArchitectures?.find((one) => one === "x86_64" || one === "arm64"),
    efaInterfaces: info.NetworkInfo?.EfaInfo?.MaximumEfaInterfaces ?? 0,
  };
  const missing = Object.keys(type).filter((key) => type[key] === undefined || Number.isNaN(type[key]));
  if (missing.length > 0 || info.NetworkInfo === undefined) {
    throw new Error(`moto ${version} has changed its form: ${name} has no ${missing.join(", ") || "NetworkInfo"}`);
  }
  return type;
}

/** Lines with a type and a number; comments begin with "#". */
function maxPods(text, version) {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const wrong = lines.find((line) => !/^[\w-]+\.[\w-]+ \d+$/.test(line.trim()));
  if (wrong !== undefined || lines.length === 0) {
    throw new Error(`misc/eni-max-pods.txt of ${CNI} ${version} has changed its form: ${wrong ?? "it is empty"}`);
  }
  return new Map(lines.map((line) => line.trim().split(" ")).map(([name, number]) => [name, Number(number)]));
}
