import { formatPercent } from "../../lib/format.ts";

/** The least that one decimal of a per cent can write. */
const LEAST = 0.001;

/** A fraction as per cent; a small one is not written as none: `3.2 %`, `<0.1 %`, `0.0 %`. */
export const formatShare = (fraction: number): string =>
  fraction > 0 && fraction < LEAST / 2 ? `<${formatPercent(LEAST)}` : formatPercent(fraction);
