/** Notes of each signal: frequency (Hz), when (s), how long (s). */
const SIGNALS = {
  touch: [[660, 0, 0.05]],
  hold: [[523, 0, 0.09]],
  tick: [[784, 0, 0.05]],
  correct: [[330, 0, 0.12], [294, 0.13, 0.14]],
  step: [[659, 0, 0.1], [880, 0.1, 0.2]],
  pass: [[523, 0, 0.12], [659, 0.12, 0.12], [784, 0.24, 0.12], [1047, 0.36, 0.35]],
  fail: [[440, 0, 0.18], [370, 0.2, 0.3]],
  error: [[220, 0, 0.2]],
};

let context = null;
let muted = localStorage.getItem("kiosk.muted") === "1";

/** @returns {boolean} Whether sounds and voice are off. */
export function isMuted() {
  return muted;
}

/** Turns sounds and voice off or on. @param {boolean} off */
export function setMuted(off) {
  muted = off;
  localStorage.setItem("kiosk.muted", off ? "1" : "0");
  if (off) globalThis.speechSynthesis?.cancel();
}

/** Lets the browser play sounds; browsers want a touch or key for it. */
export function unlock() {
  const Context = globalThis.AudioContext;
  if (!Context) return;
  context ??= new Context();
  if (context.state === "suspended") void context.resume();
}

/** Plays a signal. @param {keyof typeof SIGNALS} name */
export function play(name) {
  if (muted || !context || context.state !== "running") return;
  for (const [frequency, when, long] of SIGNALS[name] ?? []) {
    const start = context.currentTime + when;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = "sine";
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.16, start + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.001, start + long);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + long + 0.02);
  }
}
