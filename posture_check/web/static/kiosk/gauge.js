/** Pixels of a picture that is sent whole, and of one from a machine that is not fast enough for that. */
const FINE = 1280 * 720;
const COARSE = 832 * 468;
/** A delay that a person notices between themselves and what is drawn over them; and one that leaves room for more. */
const LATE_MS = 150;
const EARLY_MS = 60;
const SLOW_HZ = 20;
const LEAST = 30;
/** What is seen in a picture must come back so soon: a fifth of the limit is left for drawing it, and for bad luck. */
const IN_TIME_MS = 0.8 * LATE_MS;
/** How fast a picture's usual way and its deviation follow the last ones, as in RFC 6298; deviations allowed for. */
const WAY_GAIN = 1 / 8;
const DEVIATION_GAIN = 1 / 4;
const DEVIATIONS = 2;

/**
 * Chooses how large the pictures are that are sent: as large as this machine can look at without falling behind.
 *
 * The size changes only between steps, since one step is judged from pictures of one size. Where a step looks at what is
 * small in the picture, a badge or a collar, the picture is whole however long that takes.
 *
 * @returns {{seen: (captured: number, sent: number) => void, inTime: (captured: number) => boolean, begun: (fine: boolean) => void,
 *   size: (width: number, height: number) => number[]}}
 */
export function makeGauge() {
  let carried = FINE;
  let pixels = FINE;
  let delays = [];
  let first = 0;
  let last = 0;
  let way = 0;
  let deviation = 0;

  return {
    /** Takes note that a picture taken and sent then has been looked at. */
    seen(captured, sent) {
      last = performance.now();
      const off = way ? last - sent - way : 0;
      way = way ? way + WAY_GAIN * off : last - sent;
      deviation += DEVIATION_GAIN * (Math.abs(off) - deviation);
      if (!delays.length) first = last;
      delays.push(last - captured);
    },
    /** Says whether a picture that was taken then would be in time if it were sent now; else the next one is better. */
    inTime(captured) {
      return performance.now() - captured + way + DEVIATIONS * deviation <= IN_TIME_MS;
    },
    /** Chooses for the step that begins now, by the ones before. */
    begun(fine) {
      if (delays.length >= LEAST) {
        const late = delays.sort((a, b) => a - b)[Math.floor(0.95 * delays.length)];
        const rate = (1000 * (delays.length - 1)) / (last - first);
        if (late > LATE_MS || rate < SLOW_HZ) carried = COARSE;
        else if (late < EARLY_MS) carried = FINE;
      }
      delays = [];
      pixels = fine ? FINE : carried;
    },
    /** Returns width and height in which a picture of this size is sent. */
    size(width, height) {
      const scale = Math.min(1, Math.sqrt(pixels / (width * height)));
      return [Math.round(width * scale), Math.round(height * scale)];
    },
  };
}
