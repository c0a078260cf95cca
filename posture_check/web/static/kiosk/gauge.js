/** Pixels of a picture that is sent whole, and of one from a machine that is not fast enough for that. */
const FINE = 1280 * 720;
const COARSE = 832 * 468;
/** A delay that a person notices between themselves and what is drawn over them; and one that leaves room for more. */
const LATE_MS = 150;
const EARLY_MS = 60;
const SLOW_HZ = 20;
const LEAST = 30;

/**
 * Chooses how large the pictures are that are sent: as large as this machine can look at without falling behind.
 *
 * The size changes only between steps, since one step is judged from pictures of one size. Where a step looks at what is
 * small in the picture, a badge or a collar, the picture is whole however long that takes.
 *
 * @returns {{seen: (captured?: number) => void, begun: (fine: boolean) => void,
 *   size: (width: number, height: number) => number[]}}
 */
export function makeGauge() {
  let carried = FINE;
  let pixels = FINE;
  let delays = [];
  let first = 0;
  let last = 0;

  return {
    /** Takes note that a picture taken then has been looked at. */
    seen(captured) {
      if (captured === undefined) return;
      last = performance.now();
      if (!delays.length) first = last;
      delays.push(last - captured);
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
