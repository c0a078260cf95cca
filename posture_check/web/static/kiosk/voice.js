import { isMuted } from "./sound.js";

const LANGUAGES = { zh: "zh-CN", en: "en-US" };
const SAME_AGAIN_MS = 6000;

let last = "";
let lastAt = 0;

/**
 * Speaks a sentence, if the machine has a voice for it; the same sentence is shown on the screen in any case.
 *
 * @param {string} text The sentence.
 * @param {"zh"|"en"} lang Its language.
 * @param {boolean} [urgent] Whether it stops what is being said.
 */
export function speak(text, lang, urgent = false) {
  const synth = globalThis.speechSynthesis;
  if (!synth || isMuted() || !text) return;
  const now = performance.now();
  if (text === last && now - lastAt < SAME_AGAIN_MS) return;
  if (synth.speaking && !urgent) return;
  if (urgent) synth.cancel();
  last = text;
  lastAt = now;
  const said = new SpeechSynthesisUtterance(text);
  said.lang = LANGUAGES[lang];
  said.voice = synth.getVoices().find((voice) => voice.lang.replace("_", "-").startsWith(LANGUAGES[lang])) ?? null;
  said.rate = lang === "zh" ? 1.1 : 1;
  synth.speak(said);
}

/** Stops speaking. */
export function hush() {
  globalThis.speechSynthesis?.cancel();
  last = "";
}
