const AWAY = { zh: "服务器没有回应，请稍后再试", en: "The server does not answer: try again in a moment" };

/**
 * Asks the server, and takes what it refuses for what it says.
 *
 * @param {string} address Where.
 * @param {FormData} body What is sent.
 * @returns {Promise<{told: object|null, wrong: string}>} The answer, or what was wrong in the page's language.
 */
export async function ask(address, body) {
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer) return { told: null, wrong: AWAY[lang] };
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) return { told, wrong: "" };
  const error = told?.error;
  return { told: null, wrong: error?.[lang] ?? (typeof error === "string" ? error : `${AWAY[lang]} (${answer.status})`) };
}
