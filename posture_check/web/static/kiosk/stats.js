const KEPT = 600;

/**
 * Keeps the figures of the picture's way: camera to overlay.
 *
 * @returns {object} The figures, also to be read as `window.__kioskStats`.
 */
export function makeStats() {
  const delays = [];
  const times = [];
  const stats = {
    sent: 0,
    skipped: 0,
    sights: 0,
    dropped: 0,
    lastLatencyMs: 0,
    /** In which size the last picture was sent. */
    size: null,
    /** Takes note of a sight whose picture was taken at `captured` and that has just been drawn. */
    drawn(captured, { dropped, size }) {
      const now = performance.now();
      stats.sights += 1;
      stats.dropped = dropped;
      stats.size = size;
      stats.lastLatencyMs = now - captured;
      delays.push(now - captured);
      times.push(now);
      if (delays.length > KEPT) {
        delays.shift();
        times.shift();
      }
    },
    /** Forgets what was measured, for the next measurement. */
    reset() {
      delays.length = times.length = 0;
      stats.sent = stats.skipped = stats.sights = 0;
    },
    get count() {
      return delays.length;
    },
    get p50() {
      return share(delays, 0.5);
    },
    get p95() {
      return share(delays, 0.95);
    },
    get fps() {
      return times.length > 1 ? (1000 * (times.length - 1)) / (times[times.length - 1] - times[0]) : 0;
    },
  };
  window.__kioskStats = stats;
  return stats;
}

function share(values, part) {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}
