const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** Bytes of a Kubernetes quantity such as `512Mi`; undefined when it is none. */
export function bytes(quantity: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(k|M|G|Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  const factor = UNITS[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

/** CPUs of a Kubernetes quantity such as `1000m` or `2`; undefined when it is none. */
export function cpus(quantity: string): number | undefined {
  const [, amount, milli] = /^(\d+(?:\.\d+)?)(m)?$/.exec(quantity) ?? [];
  return amount === undefined ? undefined : Number(amount) / (milli ? 1000 : 1);
}

/** Seconds of a protobuf duration in JSON, `300s`; undefined when it is none. */
export function seconds(duration: string): number | undefined {
  const amount = /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1];
  return amount === undefined ? undefined : Number(amount);
}
