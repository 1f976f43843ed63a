// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { recordedEc2 } from "../recorded-ec2.mjs";

const FILE = "data/regions.json";
/** A zone counts if it offers this type. */
const USUAL_TYPE = "m6i.2xlarge";

export default {
  id: "region-offers",
  title: "zones of regions, and the GPU families that they offer",
  files: [FILE],
  source: "DescribeInstanceTypeOfferings as recorded in moto",
  form: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeOffering.html",
  async read({ source, tables, day }) {
    const { version, read, cited } = await recordedEc2(source, day);
    const families = gpuFamilies(tables["data/instance-types.json"].types);
    const changes = Object.entries(tables[FILE].regions).map(([region, { partition }]) => {
      const offers = read(`instance_type_offerings/availability-zone/${region}.json`);
      if (!Array.isArray(offers) || !offers.every(({ InstanceType, Location }) => InstanceType && Location)) {
        throw new Error(`moto ${version} has changed its form: ${region}.json is not a list of offers`);
      }
      const zonesOf = (matches) =>
        [...new Set(offers.filter(({ InstanceType }) => matches(InstanceType)).map(({ Location }) => Location))].sort();
      const gpuZones = families.flatMap((family) => {
        const zones = zonesOf((type) => type.startsWith(`${family}.`));
        return zones.length === 0 ? [] : [[family, zones]];
      });
      const zones = zonesOf((type) => type === USUAL_TYPE);
      const value = { partition, zones, gpuZones: Object.fromEntries(gpuZones) };
      const means = "options that ask for more zones, or for a family that is not offered, are refused";
      return { file: FILE, path: ["regions", region], value, means };
    });
    changes.push({ file: FILE, path: ["source"], value: cited(tables[FILE].source), means: "where it was read" });
    return { changes, waiting: [] };
  },
};

/** In the order of the table of types. The P3 family is offered to no new account. */
function gpuFamilies(types) {
  const families = Object.entries(types)
    .filter(([, { gpus }]) => gpus > 0)
    .map(([name]) => name.split(".")[0]);
  return [...new Set(families)].filter((family) => family !== "p3");
}
