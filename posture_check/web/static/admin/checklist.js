/** Checks the checklist while it is typed, and shows the steps for the chosen person. */

const form = document.getElementById("editor");
const text = document.getElementById("text");
const look = document.getElementById("look");
const who = document.getElementById("f-as");

let timer = 0;
let round = 0;

/** Ask the server what it makes of the text; an answer that was overtaken is dropped. */
export async function check() {
  const mine = ++round;
  const body = new FormData();
  body.set("text", text.value);
  body.set("as", who.value);
  body.set("csrf", form.elements.csrf.value);
  try {
    const answer = await fetch("/admin/checklist/check", { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.ok && mine === round) {
      const open = [...look.querySelectorAll("details")].map(part => part.open);
      look.innerHTML = await answer.text();
      look.querySelectorAll("details").forEach((part, i) => { part.open = open[i] ?? false; });
      text.setAttribute("aria-invalid", String(look.querySelector("#problems").dataset.count !== "0"));
    }
  } catch {
    // Away for a moment: the next key tries again, and saving checks in any case.
  }
}

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, 350);
});
who.addEventListener("change", check);
text.addEventListener("keydown", event => {
  // Two blanks for Tab while Ctrl is held, so that Tab itself still leaves the field.
  if (event.key === "]" && event.ctrlKey) {
    event.preventDefault();
    text.setRangeText("  ", text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input"));
  }
});
