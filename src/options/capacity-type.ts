// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** How EC2 sells the nodes of a pool. */
export enum CapacityType {
  /** Regular price, kept until given back. */
  ON_DEMAND = "on-demand",
  /** Spare capacity, taken back with two minutes' notice. */
  SPOT = "spot",
  /** A reserved block of GPU instances for a fixed time; needs `capacityReservationId`. */
  CAPACITY_BLOCK = "capacity-block",
}
